import path from "node:path";
import { inTemporaryDirectory } from "./directories.ts";
import { luigiPrograms } from "./luigi.ts";
import { LOCALHOST, onPort } from "./ports.ts";
import { ServerProcess } from "./server-process.ts";

/** The scheduler of Luigi on 127.0.0.1. */
export interface LuigidServer {
  readonly url: string;
  readonly pid: number;
  /** Ends the server in good order, and removes its state. */
  stop(): Promise<void>;
}

/** Starts luigid with an empty state and waits until it answers. The first call installs Luigi, see {@link luigiPrograms}. */
export async function startLuigid(): Promise<LuigidServer> {
  const command = path.join(luigiPrograms(), "luigid");
  return inTemporaryDirectory("leat-luigid", undefined, ({ path: directory, remove }) =>
    onPort(undefined, async (port) => {
      const url = `http://${LOCALHOST}:${port}`;
      const server = await launch(command, directory, url);
      const stop = () => server.stop().then(remove);
      return { url, pid: server.pid as number, stop };
    }),
  );
}

async function launch(command: string, directory: string, url: string): Promise<ServerProcess> {
  const { hostname, port } = new URL(url);
  const args = ["--address", hostname, "--port", port, "--state-path", path.join(directory, "state")];
  const server = new ServerProcess({ name: "luigid", command, args, directory });
  await server.waitUntilReady(async () => {
    const { ok, status } = await fetch(`${url}/api/is_paused`);
    if (!ok) throw new Error(`luigid answers ${status}`);
  });
  return server;
}
