import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { describeWith, type SftpConnection, testService } from "@leat-internal/dev-servers/vitest";
import {
  type FileTarget,
  gzip,
  LocalTarget,
  MemoryFileSystem,
  MemoryTarget,
  onTransfer,
  type TransferProgress,
} from "@leat/core";
import { FtpTarget } from "@leat/ftp";
import { S3FileSystem, S3Target } from "@leat/s3";
import { SftpTarget } from "@leat/sftp";
import { startTcpFaultProxy } from "@leat/testkit";
import { afterAll, describe, expect, it } from "vitest";

const MIB = 1024 ** 2;

/** Larger than a part of S3, and than what is on its way at a time to any store. */
const CONTENT = Buffer.alloc(9 * MIB + 7, "content, again and again; ");

/** Gives a new target of a store. */
type NewTarget = () => FileTarget;

interface Store {
  readonly describe: (name: string, tests: () => void) => void;
  readonly open: () => Promise<NewTarget>;
}

const directory = mkdtempSync(join(tmpdir(), "leat-copies-"));
afterAll(() => rm(directory, { recursive: true }));

const STORES: Readonly<Record<string, Store>> = {
  memory: { describe, open: async () => openMemory() },
  local: { describe, open: async () => () => new LocalTarget(join(directory, randomUUID())) },
  FTP: { describe: describeWith("ftp"), open: openFtp },
  SFTP: { describe: describeWith("sftp"), open: async () => sftpTargets(await testService("sftp")) },
  Ceph: { describe: describeWith("s3"), open: () => openS3("s3") },
  versitygw: { describe: describeWith("versitygw"), open: () => openS3("versitygw") },
};

function openMemory(): NewTarget {
  const fileSystem = new MemoryFileSystem();
  return () => new MemoryTarget(randomUUID(), { fileSystem });
}

async function openFtp(): Promise<NewTarget> {
  const { host, port, user, password, home, ca = "" } = await testService("ftp");
  const connection = { host, port, user, password, ca };
  return () => new FtpTarget(`${home}/${randomUUID()}`, { connection });
}

function sftpTargets(server: SftpConnection, port = server.port, place = server.home): NewTarget {
  const { host, user, privateKey, password } = server;
  const login = privateKey === undefined ? { password: password ?? "" } : { privateKey };
  const connection = { host, port, user, ...login, acceptAnyHostKey: true };
  return () => new SftpTarget(`${place}/${randomUUID()}`, { connection });
}

async function openS3(service: "s3" | "versitygw"): Promise<NewTarget> {
  const { endpoint, region, accessKeyId, secretAccessKey } = await testService(service);
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const bucket = `copies-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const fileSystem = new S3FileSystem({ connection: { endpoint, region, credentials } });
  return () => new S3Target(`s3://${bucket}/${randomUUID()}`, { fileSystem });
}

for (const [from, source] of Object.entries(STORES)) {
  for (const [to, destination] of Object.entries(STORES)) {
    source.describe(`from ${from}`, () => {
      destination.describe(`to ${to}`, () => {
        it("a copy has the same content, and tells how far it is", async () => {
          const one = (await source.open())();
          // From one server to itself it is one store, as for a user who names a connection twice.
          const other = (await destination.open())();
          await one.writeBytes(CONTENT);
          const told = await transfersDuring(() => one.copyTo(other));
          expect((await other.readBytes()).equals(CONTENT)).toBe(true);
          expect(await one.size()).toBe(CONTENT.length);
          expect(told.map(({ bytes }) => bytes)).toEqual(
            told.map(({ bytes }) => bytes).toSorted((a, b) => a - b),
          );
          expect(told[0]).toMatchObject({
            from: `${one}`,
            to: `${other}`,
            bytes: 0,
            totalBytes: CONTENT.length,
          });
          expect(told.at(-1)).toMatchObject({ bytes: CONTENT.length, state: "done" });
        });
      });
    });
  }
}

async function transfersDuring(work: () => Promise<void>): Promise<TransferProgress[]> {
  const told: TransferProgress[] = [];
  const stop = onTransfer((progress) => void told.push(progress));
  await work().finally(stop);
  return told;
}

/** A file without end that counts what is read of it. */
class EndlessTarget extends MemoryTarget {
  givenBytes = 0;

  override async createReadStream(): Promise<Readable> {
    return Readable.from(this.#chunks(), { objectMode: false });
  }

  *#chunks(): Generator<Buffer> {
    const chunk = Buffer.alloc(64 * 1024);
    for (;;) {
      this.givenBytes += chunk.length;
      yield chunk;
    }
  }

  /** Waits until it is asked for no more. Whether someone still asks can only be seen by waiting. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.givenBytes; await setTimeout(300)) before = this.givenBytes;
  }
}

describeWith("sftp")("a destination that takes no more", () => {
  it("makes the source wait, and an abort ends the copy", async () => {
    const server = await testService("sftp");
    const proxy = await startTcpFaultProxy(server);
    const source = new EndlessTarget("endless", { format: gzip() });
    const stop = new AbortController();
    const copied = source.copyTo(sftpTargets(server, proxy.port)(), { signal: stop.signal });
    const ended = copied.catch((error: unknown) => error);
    while (source.givenBytes < MIB) await setTimeout(1);
    proxy.setFaults({ blackHole: "upstream" });
    await source.quiet();
    expect(source.givenBytes).toBeLessThan(64 * MIB);
    const reason = new Error("enough");
    stop.abort(reason);
    expect(await ended).toBe(reason);
    proxy.close();
  });
});
