import { randomUUID } from "node:crypto";
import { chmodSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { startTcpFaultProxy } from "@leat-internal/dev-servers";
import type { FtpConnection as TestServer } from "@leat-internal/dev-servers/vitest";
import { isTemporaryPath } from "@leat/core";
import { FtpFileSystem, FtpTarget, type FtpConnectionOptions } from "@leat/ftp";
import type { ConnectionCut, ExtraFileStoreClient, FileStoreFaults, FileWorkspace } from "@leat/testkit";
import { FtpFaultProxy } from "./ftp-fault-proxy.ts";

export type TestTls = "explicit" | "none";

/** How a client comes to a directory of the server; as JSON also a child process. */
interface Place {
  readonly options: FtpConnectionOptions;
  /** Absolute path on the server, which is the same on this machine. */
  readonly directory: string;
}

export function openFtpClient(place: Place | string): ExtraFileStoreClient & { fileSystem: FtpFileSystem } {
  const { options, directory } = typeof place === "string" ? (JSON.parse(place) as Place) : place;
  const fileSystem = new FtpFileSystem(options);
  return {
    fileSystem,
    root: "/",
    target: (path, extra) => new FtpTarget(`${directory}/${path}`, { ...extra, connection: fileSystem }),
    dispose: () => fileSystem.close(),
  };
}

export function optionsFor(server: TestServer, tls: TestTls): FtpConnectionOptions {
  const { host, port, user, password, ca } = server;
  return { host, port, user, password, tls, ...(ca === undefined ? {} : { ca }) };
}

export async function openFtpWorkspace(server: TestServer, tls: TestTls): Promise<FileWorkspace> {
  const directory = join(server.home, randomUUID());
  const options = optionsFor(server, tls);
  const client = openFtpClient({ options, directory });
  await client.fileSystem.mkdir(directory);
  return {
    ...client,
    leftovers: async () =>
      readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(isTemporaryPath),
    dispose: async () => {
      await client.dispose();
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
    handlesInUse: async () => client.fileSystem.connectionsInUse,
    faults: {
      ...connectionFaults({ options, directory }),
      ...(tls === "none" ? dataFaults({ options, directory }) : {}),
      ...permissionFaults({ options, directory }),
    },
    notGiven: {
      missing: "a server has no parts that a login would name",
      full: "ProFTPD tells of a full disk at random by 452 or as an input/output error by 451",
      cutAfter: "the data connections are encrypted, so nothing can stand between",
      stallable: "the data connections are encrypted, so nothing can stand between",
    },
  };
}

function connectionFaults(place: Place): FileStoreFaults {
  const { options, directory } = place;
  return {
    unreachable: async () => openFtpClient({ options: { ...options, port: await closedPort() }, directory }),
    silent: async () => {
      const proxy = await startTcpFaultProxy({ port: options.port ?? 21 }, { blackHole: "both" });
      const client = openFtpClient({ options: { ...options, port: proxy.port, timeoutMs: 1000 }, directory });
      return { ...client, dispose: async () => (await client.dispose(), proxy.close()) };
    },
    unauthorized: async () => openFtpClient({ options: { ...options, password: "wrong" }, directory }),
  };
}

function dataFaults(place: Place): FileStoreFaults {
  const { options, directory } = place;
  const open = async () => {
    const proxy = await FtpFaultProxy.start({ host: options.host, port: options.port ?? 21 });
    const client = openFtpClient({ options: { ...options, port: proxy.port }, directory });
    return { proxy, client: { ...client, dispose: async () => (await client.dispose(), proxy.close()) } };
  };
  return {
    cutAfter: async (cut: ConnectionCut) => {
      const { proxy, client } = await open();
      proxy.breakNext({ cut });
      return client;
    },
    stallable: async () => {
      const { proxy, client } = await open();
      return { ...client, stall: () => proxy.breakOpen({ blackHole: "upstream" }) };
    },
  };
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

async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
