// Sends a file of 1 GiB from the disk to each store and back, each way in a process of its own, and prints by how much the
// resident memory of that process grew: the peak that the kernel saw. Fails above 64 MiB. A file of 1 MiB goes first, so that
// loading code and connecting is no growth.
//
//   node --conditions=@leat/source --import=tsx bench/transfer-memory.ts [MiB] [stores]
import { mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { type S3Server, startFtp, startS3, startSftp, startVersitygw } from "@leat-internal/dev-servers";
import type { TransferOrder } from "./lib/transfer-child.ts";
import { transfer } from "./lib/transfer-process.ts";
import type { StoreOrder } from "./lib/transfer-stores.ts";

const MIB = 1024 ** 2;
const MOST_GROWTH_BYTES = 64 * MIB;
const SMALL_MIB = 1;
const BUCKET = "bench";

const [, , mebibytes = "1024", ...words] = process.argv;
const directory = mkdtempSync(join(tmpdir(), "leat-memory-"));
const source = fileOf("source", Number(mebibytes));
const small = fileOf("small", SMALL_MIB);
let isOver = false;

/** Starts a server, and gives its places and what stops it. */
type Opening = () => Promise<{
  readonly stores: Readonly<Record<string, StoreOrder>>;
  stop(): Promise<void>;
}>;

const OPENINGS: Readonly<Record<string, Opening>> = {
  local: async () => ({
    stores: { "local disk": { kind: "local", path: join(directory, "copy") } },
    stop: async () => undefined,
  }),
  ftp: async () => {
    const { stop, ...server } = await startFtp();
    const { host, port, user, password, ca } = server;
    const connection = { host, port, user, password, ca };
    return {
      stores: {
        "FTP without TLS": { kind: "ftp", path: "file", connection: { ...connection, tls: "none" } },
        "FTP with TLS": { kind: "ftp", path: "file", connection },
      },
      stop,
    };
  },
  sftp: async () => {
    const { stop, host, port, user, privateKey, hostKeySha256 } = await startSftp();
    const connection = { host, port, user, privateKey, hostKeySha256 };
    return { stores: { SFTP: { kind: "sftp", path: "file", connection } }, stop };
  },
  // A server for each: a full one hangs.
  ceph: async () => {
    const server = await startS3();
    return {
      stores: { "S3 (Ceph)": { kind: "s3", ...(await s3Order(server)) } },
      stop: () => server.stop(),
    };
  },
  "ceph-tls": async () => {
    const server = await startS3();
    const { path, connection } = await s3Order(server);
    const { tlsEndpoint, ca } = server;
    return {
      stores: {
        "S3 (Ceph) with TLS": { kind: "s3", path, connection: { ...connection, endpoint: tlsEndpoint, ca } },
      },
      stop: () => server.stop(),
    };
  },
  versitygw: async () => {
    const server = await startVersitygw();
    return {
      stores: { "S3 (versitygw)": { kind: "s3", ...(await s3Order(server)) } },
      stop: () => server.stop(),
    };
  },
};

console.log(`| ${mebibytes} MiB | upload grew by | download grew by |`);
console.log("| --- | --- | --- |");
try {
  for (const [name, open] of Object.entries(OPENINGS)) {
    if (words.length === 0 || words.includes(name)) await measureAll(open);
  }
} finally {
  rmSync(directory, { recursive: true });
}
if (isOver) throw new Error(`A transfer took more than ${MOST_GROWTH_BYTES / MIB} MiB`);

async function measureAll(open: Opening): Promise<void> {
  const { stores, stop } = await open();
  try {
    for (const [name, store] of Object.entries(stores)) {
      const upload = await measure({ store, direction: "upload", file: source, small });
      const file = join(directory, "received");
      const download = await measure({ store, direction: "download", file, small });
      console.log(`| ${name} | ${upload} | ${download} |`);
    }
  } finally {
    await stop();
  }
}

async function measure(order: TransferOrder): Promise<string> {
  const { grownBytes, seconds, bytes } = await transfer(order);
  if (bytes !== Number(mebibytes) * MIB) throw new Error(`${bytes} bytes are there`);
  isOver ||= grownBytes > MOST_GROWTH_BYTES;
  const rate = Number(mebibytes) / seconds;
  return `${Math.round(grownBytes / MIB)} MiB (${Math.round(rate)} MiB/s)`;
}

function fileOf(name: string, length: number): string {
  const path = join(directory, name);
  const file = openSync(path, "w");
  const part = Buffer.alloc(MIB, "0123456789abcdef, and so on; ");
  for (let index = 0; index < length; index++) writeSync(file, part);
  return path;
}

async function s3Order(server: S3Server) {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const connection = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const client = new S3Client({ ...connection, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  return { path: `s3://${BUCKET}/file`, connection };
}
