import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { required } from "./debian-packages.ts";
import { inTemporaryDirectory, makeDirectory, writePrivateFile } from "./directories.ts";
import { findExecutables } from "./executables.ts";
import { freePort, LOCALHOST, onPort } from "./ports.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { accountOf, dropRootTo, type RunAs } from "./run-as.ts";
import { runToEnd, type ServerCommand, ServerProcess } from "./server-process.ts";

const CAPACITY_BYTES = 6 * 1024 ** 3;
const TOOL_TIMEOUT_MS = 60_000;
const KMS_KEY_ID = "leat-test-key";
const STORAGE_CLASS = "STANDARD_IA";

/** An S3 service on 127.0.0.1 with one user, who may do everything. It wants path-style addressing. */
export interface S3Server {
  /** `http://127.0.0.1:…` */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Ends the service, with all that it stores. */
  stop(): Promise<void>;
}

/** Ceph's gateway, which can be reached over TLS as well: it encrypts what it stores for those only. */
export interface CephServer extends S3Server {
  /** `https://127.0.0.1:…` */
  readonly tlsEndpoint: string;
  /** The certificate, as PEM, of the authority to trust. */
  readonly ca: string;
  /** Id of a key for SSE-KMS. */
  readonly kmsKeyId: string;
  /** A storage class beside STANDARD. */
  readonly storageClass: string;
}

type CephPrograms = NonNullable<ReturnType<typeof findCeph>>;

/** The programs of a Ceph object store: monitor, object store daemon, S3 gateway, and their tools. */
export function findCeph() {
  return findExecutables({
    ceph: ["ceph"],
    authtool: ["ceph-authtool"],
    monmaptool: ["monmaptool"],
    mon: ["ceph-mon"],
    osd: ["ceph-osd"],
    gateway: ["radosgw"],
    gatewayAdmin: ["radosgw-admin"],
  });
}

interface Cluster {
  readonly programs: CephPrograms;
  readonly directory: string;
  readonly runAs: RunAs;
  readonly fsid: string;
  readonly monitorAddress: string;
  readonly certificates: Certificates;
  /** The servers started so far, in this order. */
  readonly servers: ServerProcess[];
}

/**
 * Starts Ceph's S3 gateway on a cluster of one monitor and one store, which holds up to 6 GiB in memory, and waits until
 * it answers.
 */
export async function startS3(options: { readonly port?: number } = {}): Promise<CephServer> {
  const programs = required(findCeph(), "s3");
  const runAs = dropRootTo("ceph");
  return inTemporaryDirectory("leat-s3", accountOf(runAs), async ({ path: directory, remove }) => {
    const monitorAddress = `[v2:${LOCALHOST}:${await freePort()}]`;
    const certificates = await makeCertificates(path.join(directory, "tls"), runAs);
    const fsid = randomUUID();
    const cluster: Cluster = { programs, directory, runAs, fsid, monitorAddress, certificates, servers: [] };
    try {
      const connection = await startCluster(cluster, options.port);
      return { ...connection, stop: () => stopAll(cluster).finally(remove) };
    } catch (error) {
      await stopAll(cluster);
      throw error;
    }
  });
}

async function startCluster(cluster: Cluster, port: number | undefined) {
  writePrivateFile(configurationFile(cluster), configuration(cluster), accountOf(cluster.runAs));
  for (const name of ["mon", "osd", "gateway"]) {
    makeDirectory(path.join(cluster.directory, name), accountOf(cluster.runAs));
  }
  await startMonitor(cluster);
  await startStore(cluster);
  const user = await createUser(cluster);
  await addStorageClass(cluster);
  const endpoints = await onPort(port, async (port) => startGateway(cluster, port, await freePort()));
  const { ca } = cluster.certificates;
  const extras = { ca, kmsKeyId: KMS_KEY_ID, storageClass: STORAGE_CLASS };
  return { ...endpoints, region: "us-east-1", ...user, ...extras };
}

async function startMonitor(cluster: Cluster): Promise<void> {
  const { fsid, monitorAddress } = cluster;
  // The daemons talk to each other without authentication, but do not start without a keyring.
  await runTool(cluster, "authtool", [
    "--create-keyring",
    "keyring",
    "--gen-key",
    "--name=mon.",
    "--cap",
    "mon",
    "allow *",
  ]);
  await runTool(cluster, "monmaptool", ["--create", "--fsid", fsid, "--addv", "a", monitorAddress, "monmap"]);
  await runTool(cluster, "mon", ["--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring"]);
  startDaemon(cluster, "mon", ["-i", "a"]);
}

async function startStore(cluster: Cluster): Promise<void> {
  const uuid = randomUUID();
  // Waits until the monitor answers.
  await runTool(cluster, "ceph", ["--connect-timeout=30", "osd", "new", uuid, "0"]);
  await runTool(cluster, "osd", ["-i", "0", "--mkfs", "--osd-uuid", uuid]);
  startDaemon(cluster, "osd", ["-i", "0"]);
}

async function createUser(cluster: Cluster) {
  const accessKeyId = randomBytes(10).toString("hex").toUpperCase();
  const secretAccessKey = randomBytes(20).toString("hex");
  const keys = [`--access-key=${accessKeyId}`, `--secret-key=${secretAccessKey}`];
  // Waits until the store is up.
  await runAdmin(cluster, ["user", "create", "--uid=leat", "--display-name=leat", ...keys]);
  return { accessKeyId, secretAccessKey };
}

/** A class is known to the group of zones, and has a pool in the zone. */
async function addStorageClass(cluster: Cluster): Promise<void> {
  const placement = ["--placement-id=default-placement", `--storage-class=${STORAGE_CLASS}`];
  await runAdmin(cluster, ["zonegroup", "placement", "add", "--rgw-zonegroup=default", ...placement]);
  const pool = "--data-pool=default.rgw.buckets.data";
  await runAdmin(cluster, ["zone", "placement", "add", "--rgw-zone=default", ...placement, pool]);
}

async function runAdmin(cluster: Cluster, args: readonly string[]): Promise<void> {
  await runTool(cluster, "gatewayAdmin", ["-n", "client.admin", ...args]);
}

async function startGateway(
  cluster: Cluster,
  port: number,
  tlsPort: number,
): Promise<Pick<CephServer, "endpoint" | "tlsEndpoint">> {
  const endpoint = `http://${LOCALHOST}:${port}`;
  const { certificateFile, keyFile } = cluster.certificates;
  const tls = `ssl_endpoint=${LOCALHOST}:${tlsPort} ssl_certificate=${certificateFile} ssl_private_key=${keyFile}`;
  const frontend = `beast endpoint=${LOCALHOST}:${port} ${tls}`;
  const gateway = startDaemon(cluster, "gateway", ["-n", "client.admin", "--rgw-frontends", frontend]);
  await gateway.waitUntilReady(async () => {
    const { status } = await fetch(endpoint);
    if (status >= 500) throw new Error(`The S3 gateway answers ${status}`);
  });
  return { endpoint, tlsEndpoint: `https://${LOCALHOST}:${tlsPort}` };
}

function startDaemon(cluster: Cluster, program: keyof CephPrograms, args: readonly string[]): ServerProcess {
  // -f: in the foreground. Nothing of what a daemon could save when it ends is wanted later.
  const server = new ServerProcess({
    ...commandOf(cluster, program, ["-f", ...args]),
    stopSignal: "SIGKILL",
  });
  cluster.servers.push(server);
  return server;
}

async function runTool(
  cluster: Cluster,
  program: keyof CephPrograms,
  args: readonly string[],
): Promise<void> {
  await runToEnd(commandOf(cluster, program, args), TOOL_TIMEOUT_MS);
}

function commandOf(cluster: Cluster, program: keyof CephPrograms, args: readonly string[]): ServerCommand {
  const { programs, directory, runAs } = cluster;
  const command = programs[program];
  return {
    name: path.basename(command),
    command,
    args: ["-c", configurationFile(cluster), ...args],
    directory,
    runAs,
  };
}

async function stopAll({ servers }: Cluster): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()));
}

function configurationFile({ directory }: Cluster): string {
  return path.join(directory, "ceph.conf");
}

function configuration({ directory, fsid, monitorAddress }: Cluster): string {
  return `[global]
fsid = ${fsid}
mon host = ${monitorAddress}
mon initial members = a
public addr = ${LOCALHOST}
cluster addr = ${LOCALHOST}
ms bind ipv4 = true

auth cluster required = none
auth service required = none
auth client required = none
# The gateway asks for "secure", which needs authentication: it would hang.
ms mon client mode = crc
keyring = ${directory}/keyring

run dir = ${directory}
crash dir = ${directory}
mon data = ${directory}/mon
osd data = ${directory}/osd
rgw data = ${directory}/gateway
admin socket =
log file =
log to stderr = true

osd objectstore = memstore
memstore device bytes = ${CAPACITY_BYTES}
osd max object name len = 2048
osd memory target = 939524096
osd op num shards = 1
osd op num threads per shard = 1
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
# A disk that is nearly full is no concern of a store in memory.
mon data avail crit = 1
mon data avail warn = 2

# Each step of the start is a proposal of the monitor. By default it gathers them for a second.
paxos propose interval = 0.02
paxos min wait = 0.01
mon tick interval = 1
osd heartbeat interval = 1

rgw thread pool size = 32
rgw max concurrent requests = 256
rgw enable usage log = false
rgw run sync thread = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = ${KMS_KEY_ID}=${randomBytes(32).toString("base64")}
# What was replaced or removed is kept for two hours by default: the store would be full, and a full store hangs.
rgw gc obj min wait = 5
rgw gc processor period = 2
`;
}
