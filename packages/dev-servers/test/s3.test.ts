import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type S3Server, startS3 } from "../src/s3.ts";
import { findVersitygw, startVersitygw } from "../src/versitygw.ts";
import { describeUnless } from "../src/vitest.ts";
import { describeServer } from "./describe-server.ts";

const s3Servers = [
  { name: "Ceph", describe: describeServer("s3"), start: startS3 },
  {
    name: "versitygw",
    describe: describeUnless(
      findVersitygw() ? undefined : "node packages/dev-servers/dist/install-cli.js versitygw",
      "versitygw",
    ),
    start: startVersitygw,
  },
];

for (const { name, describe, start } of s3Servers) {
  describe(`${name}'s S3`, () => {
    let server: S3Server;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    function connect(secret = server.secretAccessKey): S3Client {
      const { endpoint, region, accessKeyId } = server;
      const credentials = { accessKeyId, secretAccessKey: secret };
      return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
    }

    it("keeps objects in buckets", async () => {
      const client = connect();
      await client.send(new CreateBucketCommand({ Bucket: "plays" }));
      await client.send(new PutObjectCommand({ Bucket: "plays", Key: "2026/11/21.tsv", Body: "a\t1\n" }));
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "plays", Key: "2026/11/21.tsv" }));
      expect(await Body?.transformToString()).toBe("a\t1\n");
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: "plays", Prefix: "2026/" }));
      expect(Contents?.map(({ Key }) => Key)).toEqual(["2026/11/21.tsv"]);
    });

    it("refuses a wrong secret", async () => {
      const listing = connect("wrong").send(new ListObjectsV2Command({ Bucket: "plays" }));
      await expect(listing).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    });
  });
}
