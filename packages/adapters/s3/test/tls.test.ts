import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type CephServer, makeCertificates, startS3 } from "@leat-internal/dev-servers";
import { describeWith } from "@leat-internal/dev-servers/vitest";
import { S3FileSystem, type S3FileSystemOptions, S3Target } from "@leat/s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf } from "./failure.ts";
import { patternOf } from "./pattern.ts";
import { makeBucket, rawClient, settingsFor } from "./s3-workspace.ts";

const PART_BYTES = 5 * 1024 ** 2;

describeWith("s3")("objects over TLS", () => {
  let server: CephServer;
  let bucket: string;
  beforeAll(async () => {
    server = await startS3();
    bucket = await makeBucket(server);
  });
  afterAll(() => server.stop());

  const connection = () => ({ ...settingsFor(server), endpoint: server.tlsEndpoint, ca: server.ca });
  const target = (options: S3FileSystemOptions = {}, key: string = randomUUID()) => {
    const fileSystem = new S3FileSystem({ connection: connection(), partBytes: PART_BYTES, ...options });
    return new S3Target(`s3://${bucket}/${key}`, { fileSystem });
  };
  const keyOf = ({ path }: S3Target) => path.slice(`s3://${bucket}/`.length);

  /** As a client without the options sees it. */
  async function headOf(made: S3Target) {
    const { endpoint, region, credentials, ca } = connection();
    const requestHandler = { httpsAgent: { ca } };
    const raw = new S3Client({ endpoint, region, credentials, requestHandler, forcePathStyle: true });
    const reply = await raw.send(new HeadObjectCommand({ Bucket: bucket, Key: keyOf(made) }));
    raw.destroy();
    return reply;
  }

  /** One request, and parts. */
  async function comesBack(options: S3FileSystemOptions): Promise<[S3Target, S3Target]> {
    const [small, large] = [patternOf(1000), patternOf(2 * PART_BYTES + 1)];
    const made: [S3Target, S3Target] = [target(options), target(options)];
    await made[0].writeBytes(small);
    await made[1].writeBytes(large);
    expect((await made[0].readBytes()).equals(small)).toBe(true);
    expect((await made[1].readBytes()).equals(large)).toBe(true);
    return made;
  }

  /** A copy at once, and one in parts. */
  async function areCopied(
    [small, large]: [S3Target, S3Target],
    options: S3FileSystemOptions,
  ): Promise<[S3Target, S3Target]> {
    const copies: [S3Target, S3Target] = [target(options), target({ ...options, copyPartBytes: PART_BYTES })];
    await small.copyTo(copies[0]);
    await copies[1].fileSystem.copy(large.path, copies[1].path);
    expect((await copies[0].readBytes()).equals(await small.readBytes())).toBe(true);
    expect((await copies[1].readBytes()).equals(await large.readBytes())).toBe(true);
    return copies;
  }

  it("that are encrypted by the store (SSE-S3) come back", async () => {
    const options: S3FileSystemOptions = { encryption: { method: "SSE-S3" } };
    const copies = await areCopied(await comesBack(options), options);
    expect(await copies[0].exists()).toBe(true);
  });

  it("that are encrypted with a key of a key service (SSE-KMS) come back, and say with which", async () => {
    const made = await comesBack({ encryption: { method: "SSE-KMS", keyId: server.kmsKeyId } });
    for (const one of made) {
      const { ServerSideEncryption, SSEKMSKeyId } = await headOf(one);
      expect([ServerSideEncryption, SSEKMSKeyId]).toEqual(["aws:kms", server.kmsKeyId]);
    }
  });

  it("that are encrypted with a key of the user's own (SSE-C) come back with it, and with no other", async () => {
    const key = Buffer.alloc(32, 7);
    const made = await comesBack({ encryption: { method: "SSE-C", key } });
    for (const one of made) {
      const others: S3FileSystemOptions[] = [
        {},
        { encryption: { method: "SSE-C", key: Buffer.alloc(32, 8) } },
      ];
      for (const options of others) {
        const error = await failureOf(target(options, keyOf(one)).readBytes());
        expect(error.code).toMatch(/^TARGET_(UNSUPPORTED|FORBIDDEN)$/);
        expect(inspect(error, { depth: 9 })).not.toContain(key.toString("base64"));
      }
    }
  });

  it("that are encrypted are not copied by this store, which says so", async () => {
    const options: S3FileSystemOptions = { encryption: { method: "SSE-KMS", keyId: server.kmsKeyId } };
    const [made] = await comesBack(options);
    expect(await failureOf(made.copyTo(target(options)))).toMatchObject({ code: "TARGET_UNSUPPORTED" });
  });

  it("are in the storage class that is asked for", async () => {
    const made = await comesBack({ storageClass: "STANDARD_IA" });
    const copies = await areCopied(made, { storageClass: "STANDARD_IA" });
    for (const one of [...made, ...copies]) {
      expect((await headOf(one)).StorageClass).toBe(server.storageClass);
    }
    expect((await headOf((await comesBack({}))[0])).StorageClass).toBeUndefined();
  });

  it("are sent without a hash of the content in the signature, which TLS makes needless", async () => {
    const seen = new Set<string | undefined>();
    const client = rawClient({ ...server, endpoint: server.tlsEndpoint });
    client.middlewareStack.add(
      () => (args) => {
        seen.add((args.request as { headers: Record<string, string> }).headers["x-amz-content-sha256"]);
        return Promise.reject(new Error("not sent"));
      },
      { step: "finalizeRequest", priority: "low", name: "seen" },
    );
    const fileSystem = new S3FileSystem({ connection: client });
    await new S3Target(`s3://${bucket}/a`, { fileSystem }).writeText("a").catch(() => undefined);
    expect([...seen]).toEqual(["UNSIGNED-PAYLOAD"]);
  });

  it("are not sent to a server whose certificate nobody vouches for", async () => {
    const { ca: _, ...untrusting } = connection();
    const error = await failureOf(target({ connection: untrusting }).exists());
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
  });
});

describe("a server whose certificate has expired", () => {
  it("is refused, and the error says so without the secret", async () => {
    const directory = mkdtempSync(join(tmpdir(), "leat-s3-tls-"));
    const certificates = await makeCertificates(join(directory, "tls"), { kind: "self" }, -1);
    const [cert, key] = [certificates.certificateFile, certificates.keyFile].map((file) =>
      readFileSync(file),
    );
    const server = createServer({ cert, key }, (_, response) => void response.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "id", secretAccessKey: "the-secret" };
    const connection = { endpoint, region: "us-east-1", credentials, ca: certificates.ca };
    const error = await failureOf(new S3FileSystem({ connection }).exists("s3://bucket/a"));
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
    expect(error.message).toContain("Renew the server's certificate");
    expect(inspect(error, { depth: 9 })).not.toContain("the-secret");
    server.close();
    await rm(directory, { recursive: true });
  });
});
