import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePortRun } from "@leat-internal/dev-servers";
import { type RunningServer, type ServerOptions, startServer } from "@leat/server";
import { onTestFinished } from "vitest";
import { ManualClock } from "../../packages/server/test/support.ts";

/** A leatd in this process, on a free port, stopped after the test. Its state is in memory unless a path is given. */
export async function openLeatd(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ port: 0, statePath: ":memory:", ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** After so many seconds without a sign of life the strict leatd counts a worker as lost. */
export const STRICT_SECONDS = 60;

/**
 * A leatd by a clock that the test moves, so that nobody is silent for too long because the machine is slow. What a lost worker
 * ran can be tried again at once.
 */
export async function openStrictLeatd(): Promise<{ leatd: RunningServer; clock: ManualClock }> {
  const clock = new ManualClock();
  const config = { workerTimeoutSeconds: STRICT_SECONDS, retryDelaySeconds: 0, retryCount: 10 };
  return { leatd: await openLeatd({ clock: clock.read, config }), clock };
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "leat-shared-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Lines of a file; none when there is no such file. */
export function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

type Headers = { readonly [name: string]: string };

/** What leatd says at a path. */
export async function ask(
  server: Pick<RunningServer, "url">,
  path: string,
  headers: Headers = {},
): Promise<any> {
  const response = await fetch(server.url + path, { headers });
  return response.json();
}

/** Sends a command to leatd and gives its reply. */
export async function command(
  server: Pick<RunningServer, "url">,
  name: string,
  body: object,
  headers: Headers = {},
): Promise<any> {
  const response = await fetch(`${server.url}/api/v1/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

const SERVER = fileURLToPath(new URL("../../packages/server/dist/cli.js", import.meta.url));

/** A leatd in a process of its own, which a test may kill and start again at the same place with the same state. */
export class LeatdProcess {
  readonly #args: readonly string[];
  readonly #statePath = join(temporaryFolder(), "leatd.db");
  #child: ChildProcess | undefined;
  url = "";

  constructor(...args: readonly string[]) {
    this.#args = ["--state", this.#statePath, ...args];
    onTestFinished(() => void this.#child?.kill("SIGKILL"));
  }

  /** Resolves when it serves. */
  async start(): Promise<this> {
    // Nobody who asks the system for any port gets this one while it is not in use.
    const port = this.url === "" ? String(await freePortRun(1)) : new URL(this.url).port;
    const child = spawn(process.execPath, [SERVER, ...this.#args, "--port", port], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    let said = "";
    for await (const line of createInterface({ input: child.stderr })) {
      const [, url] = /listens on (\S+)$/.exec(line) ?? [];
      if (url !== undefined) {
        this.url = url;
        child.stderr.resume();
        return this;
      }
      said += `${line}\n`;
    }
    throw new Error(`leatd did not start:\n${said}`);
  }

  /** Ends it at once; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child as ChildProcess;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Takes its state away, while it does not run. */
  forget(): void {
    for (const end of ["", "-wal", "-shm"]) rmSync(this.#statePath + end, { force: true });
  }
}

/** Writes a file of settings for leatd. */
export function configFile(config: object): string {
  const path = join(temporaryFolder(), "config.json");
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** A logger that keeps its lines. */
export function silentLog() {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Resolves when a condition holds; a test that waits in vain runs into its time limit. */
export async function soon(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
