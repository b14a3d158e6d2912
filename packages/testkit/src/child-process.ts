import { fork } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ChildModule } from "./file-workspace.ts";

/** What the child does before it is killed. */
export interface ChildScenario {
  /** `write`: all bytes were given to a writer, which is still open. `commit`: the file was committed as well. */
  readonly scenario: "write" | "commit";
  readonly path: string;
}

/** What the child tells once it has come to the point. */
export interface ChildReport {
  readonly bytes: number;
}

/** Lets a child process come to a point in writing a file, and kills it there. */
export async function runUntilKilled(module: ChildModule, scenario: ChildScenario): Promise<ChildReport> {
  const { url, exportName, argument, execArgv = [] } = module;
  const order = JSON.stringify({ url: String(url), exportName, argument, ...scenario });
  // Beside this module, in the sources as in the build.
  const entry = new URL(`./child-entry${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
  const child = fork(fileURLToPath(entry), [order], { execArgv: [...execArgv] });
  const ended = once(child, "exit");
  try {
    const dead = ended.then(([code]) => {
      throw new Error(`The child process ended with ${code} before it had written ${scenario.path}.`);
    });
    const [report] = (await Promise.race([once(child, "message"), dead])) as [ChildReport];
    return report;
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}
