import { isTemporaryPath } from "@leat/core";
import {
  cutsOf,
  type ExtraFileStoreClient,
  fileTargetSuite,
  type FileWorkspace,
  startTcpFaultProxy,
  type TcpFaultProxy,
  type TcpFaults,
} from "@leat/testkit";
import { afterAll, beforeAll, describe, it } from "vitest";
import { HttpFileSystem, type HttpStoreOptions, HttpTarget } from "./http-store.ts";
import { HttpStoreServer, TOKEN } from "./http-store-server.ts";

let server: HttpStoreServer;

beforeAll(async () => {
  server = await HttpStoreServer.start();
});

afterAll(() => server.stop());

let workspaces = 0;

function openHttpWorkspace(): FileWorkspace {
  const place = `place-${workspaces++}`;
  const open = (options: Partial<HttpStoreOptions> = {}) => openClient(place, options);
  const behind = async (faults: TcpFaults, options: Partial<HttpStoreOptions> = {}) =>
    openBehind(await startTcpFaultProxy(server, faults), place, options);
  const client = open();
  return {
    ...client,
    leftovers: async () => server.keys.filter((key) => key.startsWith(place) && isTemporaryPath(key)),
    dispose: async () => {
      await client.fileSystem.remove(place, { recursive: true });
      await client.dispose();
    },
    openSecondClient: async () => open(),
    faults: {
      unreachable: async () => {
        const opened = await behind({});
        opened.proxy.refuseConnections();
        return opened;
      },
      silent: () => behind({ blackHole: "both" }, { timeoutMs: 500 }),
      unauthorized: async () => open({ token: "let me in, please" }),
      missing: async () => open({ store: "no-such-store" }),
      cuttable: async () => {
        const opened = await behind({});
        return { ...opened, ...cutsOf(opened.proxy) };
      },
      halfClosable: async () => {
        const opened = await behind({});
        return { ...opened, halfClose: (direction) => opened.proxy.halfClose(direction) };
      },
      delayed: () => behind({ latencyMs: 5 }),
      stallable: async () => {
        const opened = await behind({});
        return { ...opened, stall: () => opened.proxy.setFaults({ blackHole: "upstream" }) };
      },
    },
  };
}

function openClient(place: string, options: Partial<HttpStoreOptions>): ExtraFileStoreClient {
  const fileSystem = new HttpFileSystem({ port: server.port, token: TOKEN, ...options });
  return {
    fileSystem,
    root: "/",
    target: (path, targetOptions) => new HttpTarget(fileSystem, `${place}/${path}`, targetOptions),
    dispose: () => fileSystem.close(),
  };
}

function openBehind(proxy: TcpFaultProxy, place: string, options: Partial<HttpStoreOptions>) {
  const client = openClient(place, { port: proxy.port, ...options });
  const dispose = async (): Promise<void> => {
    await client.dispose();
    proxy.close();
  };
  return { ...client, proxy, dispose };
}

fileTargetSuite({ describe, it }, "a store behind a network", openHttpWorkspace);
