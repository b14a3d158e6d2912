import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFtp } from "@leat-internal/dev-servers";
import {
  cannotStart,
  type FtpConnection as TestServer,
  usesGivenServers,
} from "@leat-internal/dev-servers/vitest";
import { type FileTargetOptions, isTemporaryPath } from "@leat/core";
import { FtpFileSystem, FtpTarget, type FtpConnectionOptions, type FtpTls } from "@leat/ftp";
import {
  cutsOf,
  type ExtraFileStoreClient,
  type FileStoreFaults,
  type FileWorkspace,
  type KillableFileStoreClient,
  startTcpFaultProxy,
} from "@leat/testkit";
import { FtpFaultProxy, type ProxiedServer } from "./ftp-fault-proxy.ts";

/** How a client comes to a directory of the server; as JSON also a child process. */
interface Place {
  readonly options: FtpConnectionOptions;
  /** Absolute path on the server, which is the same on this machine. */
  readonly directory: string;
}

export function openFtpClient(place: Place | string): ExtraFileStoreClient & { fileSystem: FtpFileSystem } {
  const { options, directory } = typeof place === "string" ? (JSON.parse(place) as Place) : place;
  const client = clientAt(directory, new FtpFileSystem(options));
  return { ...client, dispose: () => client.fileSystem.close() };
}

function clientAt(directory: string, fileSystem: FtpFileSystem) {
  return {
    fileSystem,
    root: "/",
    target: (path: string, extra?: FileTargetOptions) =>
      new FtpTarget(`${directory}/${path}`, { ...extra, connection: fileSystem }),
  };
}

export function optionsFor(server: TestServer, tls: FtpTls): FtpConnectionOptions {
  const { host, user, password, ca } = server;
  return { host, port: portFor(server, tls), user, password, tls, ...(ca === undefined ? {} : { ca }) };
}

function portFor({ port, implicitTlsPort }: TestServer, tls: FtpTls): number {
  if (tls !== "implicit") return port;
  if (implicitTlsPort === undefined) throw new Error("This server has no port for implicit TLS");
  return implicitTlsPort;
}

const canStart = cannotStart("ftp") === undefined;

const LATENCY_MS = 5;

/** Nobody listens there, and the system gives it to nobody. */
const CLOSED_PORT = 1;

/** One file system for all workspaces of a suite: ProFTPD takes up to 200 ms for a login after somebody has gone. */
const fileSystems = new Map<string, FtpFileSystem>();

function sharedFileSystem(options: FtpConnectionOptions): FtpFileSystem {
  const key = JSON.stringify(options);
  const fileSystem = fileSystems.get(key) ?? new FtpFileSystem(options);
  fileSystems.set(key, fileSystem);
  return fileSystem;
}

export async function openFtpWorkspace(server: TestServer, tls: FtpTls): Promise<FileWorkspace> {
  const directory = join(server.home, randomUUID());
  const options = optionsFor(server, tls);
  const client = clientAt(directory, sharedFileSystem(options));
  await client.fileSystem.mkdir(directory);
  return {
    ...client,
    leftovers: async () =>
      readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(isTemporaryPath),
    dispose: async () => {
      // Another connection may still be removing what it began.
      rmSync(directory, { recursive: true, maxRetries: 5 });
    },
    openSecondClient: async () => openFtpClient({ options, directory }),
    childModule: {
      url: import.meta.url,
      exportName: "openFtpClient",
      argument: JSON.stringify({ options, directory }),
      execArgv: ["--conditions=@leat/source", "--import=tsx"],
    },
    makeLink: async (to, path) => symlinkSync(join(directory, to), join(directory, path)),
    seedFiles: async (paths) => paths.forEach((path) => writeFileSync(join(directory, path), path)),
    handlesInUse: async () => client.fileSystem.connectionsInUse,
    faults: {
      ...connectionFaults({ options, directory }),
      ...(server.passivePorts === undefined
        ? {}
        : dataFaults(
            { options, directory },
            { port: portFor(server, tls), passivePorts: server.passivePorts },
          )),
      ...diskFaults({ options, directory }),
      ...permissionFaults({ options, directory }),
      ...(canStart ? { killable: () => openKillable(options.tls ?? "explicit") } : {}),
    },
    notGiven: {
      missing: "a server has no parts that a login would name",
      full: "only root can mount the small file system that it takes, for a server of our own",
      killable: "a server of our own is not installed",
      commandCuttable: "the ports of this server's data connections are not known",
      halfClosable: "the ports of this server's data connections are not known",
      delayed: "the ports of this server's data connections are not known",
      cuttable: "the ports of this server's data connections are not known",
      stallable: "the ports of this server's data connections are not known",
    },
  };
}

function connectionFaults(place: Place): FileStoreFaults {
  const { options, directory } = place;
  return {
    unreachable: async () => openFtpClient({ options: { ...options, port: CLOSED_PORT }, directory }),
    silent: async () => {
      const proxy = await startTcpFaultProxy({ port: options.port ?? 21 }, { blackHole: "both" });
      const client = openFtpClient({ options: { ...options, port: proxy.port, timeoutMs: 1000 }, directory });
      return { ...client, dispose: async () => (await client.dispose(), proxy.close()) };
    },
    unauthorized: async () => openFtpClient({ options: { ...options, password: "wrong" }, directory }),
  };
}

function dataFaults({ options, directory }: Place, server: ProxiedServer): FileStoreFaults {
  const open = async () => {
    const proxy = await FtpFaultProxy.start(server);
    const { host, port } = proxy;
    const client = openFtpClient({ options: { ...options, host, port }, directory });
    return { proxy, client: { ...client, dispose: async () => (await client.dispose(), proxy.close()) } };
  };
  return {
    cuttable: async () => {
      const { proxy, client } = await open();
      return { ...client, ...cutsOf(proxy.data), openConnections: () => proxy.openConnections };
    },
    commandCuttable: async () => {
      const { proxy, client } = await open();
      return { ...client, ...cutsOf(proxy.control), openConnections: () => proxy.openConnections };
    },
    halfClosable: async () => {
      const { proxy, client } = await open();
      return { ...client, halfClose: (direction) => proxy.data.halfClose(direction) };
    },
    delayed: async () => {
      const { proxy, client } = await open();
      for (const connections of [proxy.control, proxy.data]) connections.setFaults({ latencyMs: LATENCY_MS });
      return client;
    },
    stallable: async () => {
      const { proxy, client } = await open();
      return { ...client, stall: () => proxy.data.setFaults({ blackHole: "upstream" }) };
    },
  };
}

/** A file system in memory with room for 4 MiB, where this process may mount one. */
function diskFaults({ options }: Place): FileStoreFaults {
  if (usesGivenServers() || !canMount()) return {};
  return {
    full: async () => {
      const directory = mkdtempSync(join(tmpdir(), "leat-full-"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=777", "tmpfs", directory]);
      const client = openFtpClient({ options, directory });
      const dispose = async (): Promise<void> => {
        await client.dispose();
        // The server's process may still have a file open.
        execFileSync("umount", ["--lazy", directory]);
        rmdirSync(directory);
      };
      return { ...client, dispose };
    },
  };
}

function canMount(): boolean {
  return process.geteuid?.() === 0 && spawnSync("unshare", ["--mount", "true"]).status === 0;
}

/** The server runs as an ordinary user, who can be refused something. */
function permissionFaults(place: Place): FileStoreFaults {
  return {
    readOnly: async (path) => {
      const locked = join(place.directory, path);
      chmodSync(locked, 0o555);
      const client = openFtpClient(place);
      return { ...client, dispose: async () => (await client.dispose(), chmodSync(locked, 0o755)) };
    },
  };
}

async function openKillable(tls: FtpTls): Promise<KillableFileStoreClient> {
  const server = await startFtp();
  const client = openFtpClient({ options: optionsFor(server, tls), directory: server.home });
  return {
    ...client,
    kill: () => server.kill(),
    restart: () => server.restart(),
    dispose: async () => (await client.dispose(), server.stop()),
  };
}
