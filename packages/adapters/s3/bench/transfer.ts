// Transfers of one large object against curl on the same server, alternated: medians and ratios.
//
//   node --conditions=@leat/source --import=tsx packages/adapters/s3/bench/transfer.ts [ceph|versitygw] [MiB] [rounds]
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { type S3Server, startS3, startVersitygw } from "@leat-internal/dev-servers";
import { LocalTarget } from "@leat/core";
import { S3FileSystem, S3Target } from "@leat/s3";
import { patternOf } from "../test/pattern.ts";

const MIB = 1024 ** 2;
const BUCKET = "bench";
const [, , name = "ceph", mebibytes = "256", rounds = "5"] = process.argv;

const run = promisify(execFile);
const server = await (name === "ceph" ? startS3() : startVersitygw());
const directory = await mkdtemp(join(tmpdir(), "leat-s3-bench-"));
try {
  await compare(server);
} finally {
  await rm(directory, { recursive: true });
  await server.stop();
}

async function compare(server: S3Server): Promise<void> {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const credentials = { accessKeyId, secretAccessKey };
  const sdk = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await sdk.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const file = join(directory, "source");
  const received = join(directory, "received");
  await writeFile(file, patternOf(Number(mebibytes) * MIB));
  const fileSystem = new S3FileSystem({ connection: { endpoint, region, credentials } });
  const target = new S3Target(`s3://${BUCKET}/leat`, { fileSystem });
  const at = { Bucket: BUCKET, Key: "curl" };
  const putUrl = await getSignedUrl(sdk, new PutObjectCommand(at));
  const getUrl = await getSignedUrl(sdk, new GetObjectCommand(at));
  const curl = (...args: string[]) => run("curl", ["--silent", "--fail", "--show-error", ...args]);
  await alternate("upload", [
    ["curl", () => curl("--upload-file", file, putUrl)],
    ["leat", () => new LocalTarget(file).copyTo(target)],
  ]);
  await alternate("download", [
    ["curl", () => curl("--output", received, getUrl)],
    ["leat", () => target.copyTo(new LocalTarget(received))],
  ]);
  sdk.destroy();
}

async function alternate(
  direction: string,
  ways: readonly (readonly [string, () => Promise<unknown>])[],
): Promise<void> {
  const times = new Map<string, number[]>(ways.map(([way]) => [way, []]));
  // The first round is not counted: code is compiled and connections are made.
  for (let round = 0; round <= Number(rounds); round++) {
    for (const [way, transfer] of ways) {
      const start = performance.now();
      await transfer();
      if (round > 0) times.get(way)?.push(performance.now() - start);
    }
  }
  const [reference = Number.NaN, ours = Number.NaN] = ways.map(([way]) => median(times.get(way) ?? []));
  const rate = (ms: number) => `${Math.round((Number(mebibytes) * 1000) / ms)} MiB/s`;
  console.log(
    `${name} ${direction}: curl ${rate(reference)}, leat ${rate(ours)}, ratio ${(reference / ours).toFixed(2)}`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
