import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from "node:fs";
import { readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { cannotStart, type SftpConnection, usesGivenServers } from "@leat-internal/dev-servers/vitest";
import { isTemporaryPath } from "@leat/core";
import {
  SftpFileSystem,
  SftpTarget,
  type SftpConnectionSettings,
  type SftpFileSystemOptions,
} from "@leat/sftp";
import {
  cutsOf,
  type ExtraFileStoreClient,
  type FileStoreClient,
  type FileStoreFaults,
  type FileWorkspace,
  type KillableFileStoreClient,
  startTcpFaultProxy,
} from "@leat/testkit";
import { openSftpClient } from "./sftp-client-module.ts";

const isRoot = process.geteuid?.() === 0;
const canStart = cannotStart("sftp") === undefined;
/** The account `nobody`, by its number on Debian. */
const NOBODY = 65_534;

const LATENCY_MS = 5;

/** Nobody listens there, and the system gives it to nobody. */
const CLOSED_PORT = 1;

const NOT_GIVEN = {
  commandCuttable: "commands and content go over one connection",
  missing: "a server always has a root",
  full: "only root can mount the small file system that it takes, for a server of our own",
  readOnly: "only root can start a server for another account, where one is installed",
  killable: "a server of our own is not installed",
};

/** The settings for a server of the test run. */
export function settingsFor(server: SftpConnection): SftpConnectionSettings {
  const { host, port, user, privateKey, password, hostKeySha256 } = server;
  return {
    host,
    port,
    user,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(password === undefined ? {} : { password }),
    ...(hostKeySha256 === undefined ? { acceptAnyHostKey: true } : { hostKeySha256 }),
  };
}

/** A directory on this machine, which the server shows as well. */
export function openSftpWorkspace(
  server: SftpConnection,
  options: Partial<SftpFileSystemOptions> = {},
): FileWorkspace {
  const directory = mkdtempSync(join(tmpdir(), "leat-sftp-place-"));
  const connection = settingsFor(server);
  const client = filesAt(directory, sharedFileSystem({ connection, ...options }));
  return {
    ...client,
    leftovers: () => temporaryPathsBelow(directory),
    // The server may still be at something that was given up.
    dispose: () => rm(directory, { recursive: true, maxRetries: 5 }),
    openSecondClient: async () => clientAt(directory, { connection, ...options }),
    childModule: {
      url: new URL("./sftp-client-module.ts", import.meta.url),
      exportName: openSftpClient.name,
      argument: JSON.stringify({ directory, connection }),
      execArgv: ["--conditions=@leat/source", "--import=tsx"],
    },
    makeLink: (to, path) => symlink(join(directory, to), join(directory, path)),
    seedFiles: async (paths) => paths.forEach((path) => writeFileSync(join(directory, path), path)),
    ...(process.platform === "linux" ? { handlesInUse: () => openFilesBelow(directory) } : {}),
    faults: faultsAt(directory, connection, options),
    notGiven: NOT_GIVEN,
  };
}

export function clientAt(directory: string, options: SftpFileSystemOptions): ExtraFileStoreClient {
  const fileSystem = new SftpFileSystem(options);
  return { ...filesAt(directory, fileSystem), dispose: () => fileSystem.close() };
}

export function filesAt(directory: string, fileSystem: SftpFileSystem): FileStoreClient {
  return {
    fileSystem,
    root: "/",
    target: (path, others) => new SftpTarget(`${directory}/${path}`, { ...others, connection: fileSystem }),
  };
}

/** One for all workspaces of a suite: a login takes longer than most tests. */
const fileSystems = new Map<string, SftpFileSystem>();

function sharedFileSystem(options: SftpFileSystemOptions): SftpFileSystem {
  const key = JSON.stringify(options);
  const fileSystem = fileSystems.get(key) ?? new SftpFileSystem(options);
  fileSystems.set(key, fileSystem);
  return fileSystem;
}

async function temporaryPathsBelow(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).filter(isTemporaryPath);
}

/** Files below a directory that the server has open. */
async function openFilesBelow(directory: string): Promise<number> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const counts = await Promise.all(processes.map((id) => openFilesOf(id, directory)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function openFilesOf(processId: string, directory: string): Promise<number> {
  const folder = `/proc/${processId}/fd`;
  // Of other accounts' processes, and of those that have ended since, nothing can be known.
  const numbers = await readdir(folder).catch(() => []);
  const paths = await Promise.all(numbers.map((number) => readlink(`${folder}/${number}`).catch(() => "")));
  return paths.filter((path) => path.startsWith(directory)).length;
}

function faultsAt(
  directory: string,
  connection: SftpConnectionSettings,
  options: Partial<SftpFileSystemOptions>,
): FileStoreFaults {
  const { host, port = 22 } = connection;
  return {
    unreachable: async () => clientAt(directory, { connection: { ...connection, port: CLOSED_PORT } }),
    silent: async () => {
      const proxy = await startTcpFaultProxy({ host, port }, { blackHole: "both" });
      const settings = { ...connection, port: proxy.port, connectTimeoutMs: 1000 };
      return closing(clientAt(directory, { connection: settings }), () => proxy.close());
    },
    unauthorized: async () => {
      const { password: _, ...others } = connection;
      return clientAt(directory, { connection: { ...others, privateKey: unknownKey() } });
    },
    cuttable: async () => {
      const proxy = await startTcpFaultProxy({ host, port });
      const settings = { ...connection, port: proxy.port };
      const client = closing(clientAt(directory, { ...options, connection: settings }), () => proxy.close());
      return { ...client, ...cutsOf(proxy) };
    },
    halfClosable: async () => {
      const proxy = await startTcpFaultProxy({ host, port });
      const settings = { ...connection, port: proxy.port };
      const client = closing(clientAt(directory, { ...options, connection: settings }), () => proxy.close());
      return { ...client, halfClose: (direction) => proxy.halfClose(direction) };
    },
    delayed: async () => {
      const proxy = await startTcpFaultProxy({ host, port }, { latencyMs: LATENCY_MS });
      const settings = { ...connection, port: proxy.port };
      return closing(clientAt(directory, { ...options, connection: settings }), () => proxy.close());
    },
    ...(canStart ? { killable: () => openKillable(directory, options) } : {}),
    stallable: async () => {
      const proxy = await startTcpFaultProxy({ host, port });
      const settings = { ...connection, port: proxy.port };
      const client = closing(clientAt(directory, { connection: settings }), () => proxy.close());
      return { ...client, stall: () => proxy.setFaults({ blackHole: "upstream" }) };
    },
    ...(!usesGivenServers() && canMount() ? { full: () => openFullDisk(connection) } : {}),
    ...(isRoot && canStart ? { readOnly: (path: string) => openAsNobody(directory, path) } : {}),
  };
}

/** OpenSSH has a process for each session, which outlives the server: a crash of the machine ends them all. */
async function openKillable(
  directory: string,
  options: Partial<SftpFileSystemOptions>,
): Promise<KillableFileStoreClient> {
  const server = await startSftp();
  const proxy = await startTcpFaultProxy(server);
  const connection = { ...settingsFor(server), port: proxy.port };
  const client = closing(clientAt(directory, { ...options, connection }), async () => {
    proxy.close();
    await server.stop();
  });
  const kill = async (): Promise<void> => {
    await server.kill();
    proxy.cutAll();
  };
  return { ...client, kill, restart: () => server.restart() };
}

function closing(client: ExtraFileStoreClient, close: () => unknown): ExtraFileStoreClient {
  return { ...client, dispose: async () => (await client.dispose(), void (await close())) };
}

/** A private key that no server knows. */
export function unknownKey(): string {
  return generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
}

let mountable: boolean | undefined;

/** Whether this process may mount file systems. */
function canMount(): boolean {
  mountable ??=
    process.platform === "linux" && isRoot && spawnSync("unshare", ["--mount", "true"]).status === 0;
  return mountable;
}

/** A file system in memory with room for 4 MiB. */
async function openFullDisk(connection: SftpConnectionSettings): Promise<ExtraFileStoreClient> {
  const directory = mkdtempSync(join(tmpdir(), "leat-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", directory]);
  return closing(clientAt(directory, { connection }), async () => {
    execFileSync("umount", [directory]);
    await rm(directory, { recursive: true });
  });
}

/** A server that lets nobody in, who may change everything at the place but one directory. */
async function openAsNobody(directory: string, path: string): Promise<ExtraFileStoreClient> {
  const locked = join(directory, path);
  execFileSync("chown", ["-R", `${NOBODY}`, directory]);
  chownSync(locked, 0, 0);
  chmodSync(locked, 0o755);
  const server = await startSftpForNobody();
  const connection = { ...settingsFor(server), user: "nobody" };
  return closing(clientAt(directory, { connection }), () => server.stop());
}

/** Permissions mean nothing to root. */
async function startSftpForNobody(): Promise<SftpServer> {
  const keys = mkdtempSync(join(tmpdir(), "leat-keys-"));
  const authorized = join(keys, "authorized");
  chmodSync(keys, 0o755);
  const server = await startSftp({
    settings: { AllowUsers: "nobody", AuthorizedKeysFile: authorized, ForceCommand: "internal-sftp" },
  });
  writeFileSync(authorized, publicKeyOf(server.privateKey, keys));
  return { ...server, stop: async () => (await server.stop(), rm(keys, { recursive: true })) };
}

function publicKeyOf(privateKey: string, directory: string): string {
  const file = join(directory, "private");
  writeFileSync(file, privateKey, { mode: 0o600 });
  return execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
}
