import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { startVersitygw } from "@leat-internal/dev-servers";
import type { S3Connection } from "@leat-internal/dev-servers/vitest";
import { isTemporaryPath } from "@leat/core";
import { S3FileSystem, type S3FileSystemOptions, S3Target } from "@leat/s3";
import {
  cutsOf,
  type ExtraFileStoreClient,
  type FileStoreClient,
  type FileStoreFaults,
  type FileWorkspace,
  type KillableFileStoreClient,
  startTcpFaultProxy,
} from "@leat/testkit";

export interface S3TestServer extends S3Connection {
  /** Default WHEN_SUPPORTED. */
  readonly checksums?: "WHEN_REQUIRED";
}

/** A server and what it is known to keep. */
export interface S3TestStore {
  readonly server: S3TestServer;
  readonly bucket: string;
  readonly options: S3FileSystemOptions;
  /** Whether it refuses what the policy of a bucket denies, also to the owner. */
  readonly hasPolicies: boolean;
  /** A server of its own that can be killed. */
  readonly killable?: () => Promise<KillableFileStoreClient>;
}

const DEADLINE_MS = 1000;
const LATENCY_MS = 5;

/** A client of the SDK, for what a test does or sees by itself. */
export function rawClient(server: S3TestServer, options?: S3ClientConfig): S3Client {
  const { checksums = "WHEN_SUPPORTED", ...settings } = settingsFor(server);
  return new S3Client({
    ...settings,
    forcePathStyle: true,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    ...options,
  });
}

export async function makeBucket(server: S3Connection): Promise<string> {
  const bucket = `test-${randomUUID()}`;
  await rawClient(server).send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

/** Settings of ours for a server, or for a proxy in front of it. */
export function settingsFor(server: S3TestServer, port?: number) {
  const { region, accessKeyId, secretAccessKey, checksums } = server;
  const endpoint = port === undefined ? server.endpoint : `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId, secretAccessKey };
  return { endpoint, region, credentials, ...(checksums === undefined ? {} : { checksums }) };
}

export function portOf(server: S3Connection): number {
  return Number(new URL(server.endpoint).port);
}

/** What a child process opens. */
export function openS3Client(argument: string): FileStoreClient {
  const { place, options } = JSON.parse(argument) as { place: string; options: S3FileSystemOptions };
  return clientAt(place, new S3FileSystem(options));
}

function clientAt(place: string, fileSystem: S3FileSystem): FileStoreClient {
  return {
    fileSystem,
    root: place.slice(0, place.indexOf("/", "s3://".length)),
    target: (path, options) => new S3Target(`${place}/${path}`, { ...options, fileSystem }),
  };
}

export async function openS3Workspace(store: S3TestStore): Promise<FileWorkspace> {
  const { server, bucket, options } = store;
  const prefix = randomUUID();
  const place = `s3://${bucket}/${prefix}`;
  const agent = new Agent({ keepAlive: true });
  const client = rawClient(server, { requestHandler: { httpAgent: agent } });
  const extra = (changes: S3FileSystemOptions): ExtraFileStoreClient => {
    const fileSystem = new S3FileSystem({ ...options, ...changes });
    return { ...clientAt(place, fileSystem), dispose: () => fileSystem.close() };
  };
  return {
    ...clientAt(place, new S3FileSystem({ ...options, connection: client })),
    leftovers: () => leftoversBelow(server, bucket, prefix),
    dispose: async () => {
      await clear(server, bucket, prefix);
      client.destroy();
    },
    openSecondClient: async () => extra({ connection: settingsFor(server) }),
    childModule: {
      url: import.meta.url,
      exportName: "openS3Client",
      argument: JSON.stringify({ place, options: { ...options, connection: settingsFor(server) } }),
      execArgv: ["--conditions=@leat/source", "--import=tsx"],
    },
    handlesInUse: async () => Object.values(agent.sockets).flat().length,
    faults: faultsOf(store, place, extra),
    notGiven: {
      makeLink: "S3 has no links",
      commandCuttable: "commands and content go over one connection",
      killable: "this server keeps all in memory, or is not installed for one of our own",
      full: "the servers of the tests have no quota",
      readOnly: "this server lets the owner do what a policy denies",
    },
    partBytes: 8 * 1024 * 1024,
  };
}

function faultsOf(
  { server, bucket, options, hasPolicies, killable }: S3TestStore,
  place: string,
  extra: (changes: S3FileSystemOptions) => ExtraFileStoreClient,
): FileStoreFaults {
  const port = portOf(server);
  const through = (proxy: { port: number; close(): void }, deadline = {}): ExtraFileStoreClient => {
    const client = extra({ connection: { ...settingsFor(server, proxy.port), ...deadline } });
    return { ...client, dispose: async () => (await client.dispose(), proxy.close()) };
  };
  return {
    unreachable: async () => {
      const proxy = await startTcpFaultProxy({ port });
      proxy.refuseConnections();
      return through(proxy);
    },
    silent: async () => {
      const proxy = await startTcpFaultProxy({ port }, { blackHole: "both" });
      return through(proxy, { connectTimeoutMs: DEADLINE_MS, idleTimeoutMs: DEADLINE_MS });
    },
    unauthorized: async () => {
      const { accessKeyId } = server;
      return extra({
        connection: { ...settingsFor(server), credentials: { accessKeyId, secretAccessKey: "wrong" } },
      });
    },
    missing: async () => {
      const fileSystem = new S3FileSystem({ ...options, connection: settingsFor(server) });
      return { ...clientAt(`s3://${randomUUID()}/place`, fileSystem), dispose: () => fileSystem.close() };
    },
    cuttable: async () => {
      const proxy = await startTcpFaultProxy({ port });
      return { ...through(proxy), ...cutsOf(proxy) };
    },
    halfClosable: async () => {
      const proxy = await startTcpFaultProxy({ port });
      return { ...through(proxy), halfClose: (direction) => proxy.halfClose(direction) };
    },
    delayed: async () => through(await startTcpFaultProxy({ port }, { latencyMs: LATENCY_MS })),
    ...(killable === undefined ? {} : { killable }),
    stallable: async () => {
      const proxy = await startTcpFaultProxy({ port });
      return { ...through(proxy), stall: () => proxy.setFaults({ blackHole: "upstream" }) };
    },
    ...(hasPolicies
      ? {
          readOnly: (directory: string) =>
            denied(server, bucket, `${place}/${directory}`, extra({ connection: settingsFor(server) })),
        }
      : {}),
  };
}

/** A server of its own, which keeps what it stores on the disk. */
export async function openKillable(options: S3FileSystemOptions): Promise<KillableFileStoreClient> {
  const server = await startVersitygw();
  const fileSystem = new S3FileSystem({ ...options, connection: settingsFor(server) });
  const dispose = async (): Promise<void> => {
    await fileSystem.close();
    await server.stop();
  };
  const client = clientAt(`s3://${await makeBucket(server)}/place`, fileSystem);
  return { ...client, kill: () => server.kill(), restart: () => server.restart(), dispose };
}

async function denied(
  server: S3Connection,
  bucket: string,
  directory: string,
  client: ExtraFileStoreClient,
): Promise<ExtraFileStoreClient> {
  const raw = rawClient(server);
  const Statement = {
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:PutObject", "s3:DeleteObject"],
    Resource: directory.replace("s3://", "arn:aws:s3:::") + "/*",
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [Statement] });
  await raw.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const dispose = async (): Promise<void> => {
    await raw.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
    await client.dispose();
    raw.destroy();
  };
  return { ...client, dispose };
}

/** Uploads that were neither completed nor aborted, and objects in the making. */
export async function leftoversBelow(
  server: S3Connection,
  bucket: string,
  prefix: string,
): Promise<string[]> {
  const raw = rawClient(server);
  const { Uploads = [] } = await raw.send(
    new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }),
  );
  const { Contents = [] } = await raw.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  raw.destroy();
  const keys = Contents.map(({ Key = "" }) => Key).filter(isTemporaryPath);
  return [...Uploads.map(({ Key = "" }) => Key), ...keys];
}

async function clear(server: S3Connection, bucket: string, prefix: string): Promise<void> {
  const raw = rawClient(server);
  const { Uploads = [] } = await raw.send(
    new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }),
  );
  for (const { Key, UploadId } of Uploads) {
    await raw.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  }
  await new S3FileSystem({ connection: raw }).remove(`s3://${bucket}/${prefix}`, { recursive: true });
  raw.destroy();
}
