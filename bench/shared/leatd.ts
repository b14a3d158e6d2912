import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as servers from "@leat-internal/dev-servers";

/** A server in a process of its own, so that its clients do not take its time. */
export interface Served {
  readonly url: string;
  /** Time of processors that it has taken so far, in seconds; to a hundredth. */
  cpuSeconds(): number;
  stop(): Promise<unknown>;
}

/** As users have it: built. */
const LEATD = fileURLToPath(new URL("../../packages/server/dist/cli.js", import.meta.url));

/** @param statePath a file, or `:memory:` for no journal on disk */
export async function startLeatd(statePath: string): Promise<Served> {
  // All workers are of one address here.
  const settings = ["--port", "0", "--state", statePath, "--requests-per-second", "1000000"];
  const child = spawn(process.execPath, [LEATD, ...settings], { stdio: ["ignore", "ignore", "pipe"] });
  return served(child, await urlOf(child));
}

/** From the lines that leatd writes when it serves. */
function urlOf(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`leatd ended with ${code}:\n${said}`)));
    child.stderr?.on("data", (text: Buffer) => {
      said += text.toString();
      const [, url] = / listens on (\S+)\n[^]* leads/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

export async function startLuigid(): Promise<Served> {
  const { url, pid, stop } = await servers.startLuigid();
  return { url, cpuSeconds: () => cpuSecondsOf(pid), stop };
}

function served(child: ChildProcess, url: string): Served {
  const end = () => void child.kill();
  process.once("exit", end);
  return {
    url,
    cpuSeconds: () => cpuSecondsOf(child.pid as number),
    stop: () => {
      process.off("exit", end);
      return ended(child, end);
    },
  };
}

/** Of a process, all threads together, as Linux counts it: in hundredths. */
function cpuSecondsOf(pid: number): number {
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = fields.split(" ").slice(11, 13).map(Number) as [number, number];
  return (user + system) / 100;
}

/** Resolves when the process has ended, after what ends it. */
export async function ended(child: ChildProcess, end: () => void): Promise<unknown> {
  const exited = once(child, "exit");
  end();
  return exited;
}
