import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { luigiPrograms } from "@leat-internal/dev-servers";

/** A server in a process of its own, so that its clients do not take its time. */
export interface Served {
  readonly url: string;
  stop(): Promise<unknown>;
}

const LEATD = fileURLToPath(new URL("leatd-process.ts", import.meta.url));

/** @param statePath a file, or `:memory:` for no journal on disk */
export async function startLeatd(statePath: string): Promise<Served> {
  const child = fork(LEATD, [statePath]);
  const [url] = (await once(child, "message")) as [string];
  return { url, stop: () => ended(child, () => child.disconnect()) };
}

export async function startLuigid(folder: string): Promise<Served> {
  const port = await freePort();
  const place = ["--address", "127.0.0.1", "--port", String(port)];
  const child = spawn(join(luigiPrograms(), "luigid"), [...place, "--state-path", join(folder, "luigid")], {
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  const isThere = () => fetch(`${url}/api/is_paused`).then(Boolean, () => false);
  while (!(await isThere())) await new Promise((resolve) => setTimeout(resolve, 50));
  return { url, stop: () => ended(child, () => child.kill()) };
}

/** Resolves when the process has ended, after what ends it. */
export async function ended(child: ChildProcess, end: () => void): Promise<unknown> {
  const exited = once(child, "exit");
  end();
  return exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
