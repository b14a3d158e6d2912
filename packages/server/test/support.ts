import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type RunningServer, type ServerOptions, startServer } from "../src/index.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "leatd-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clock that stands still until it is moved. */
export class ManualClock {
  ms = 1_800_000_000_000;
  readonly read = (): number => this.ms;

  pass(seconds: number): void {
    this.ms += seconds * 1000;
  }
}

/** A leatd in this process, on a free port, stopped after the test. Its state is in memory unless a path is given. */
export async function openServer(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer({ port: 0, statePath: ":memory:", ...options });
  onTestFinished(() => server.stop());
  return new TestServer(server);
}

interface Sent {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
}

export interface Received {
  readonly status: number;
  readonly body: any;
  readonly headers: Headers;
}

export class TestServer {
  readonly running: RunningServer;

  constructor(running: RunningServer) {
    this.running = running;
  }

  get url(): string {
    return this.running.url;
  }

  /** Sends a command as JSON; the body of the answer is parsed. */
  post(path: string, body: unknown, headers: { readonly [name: string]: string } = {}): Promise<Received> {
    return request(this.url + path, { method: "POST", body, headers });
  }

  /** Sends a command and gives its reply; fails when it is refused. */
  async command(name: string, body: unknown): Promise<any> {
    const { status, body: reply } = await this.post(`/api/v1/${name}`, body);
    if (status >= 300) throw new Error(`${name}: ${status} ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Waits until the metrics have the line. */
  async metric(line: string): Promise<void> {
    while (!((await this.get("/metrics")).body as string).split("\n").includes(line));
  }

  get(path: string, headers: { readonly [name: string]: string } = {}): Promise<Received> {
    return request(this.url + path, { headers });
  }
}

export async function request(
  url: string,
  { method = "GET", headers = {}, body }: Sent = {},
): Promise<Received> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    body: isJson && text !== "" ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

/** A leatd in a process of its own, which a test may kill. */
export class LeatdProcess {
  readonly child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  static async start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<LeatdProcess> {
    const child = spawnLeatd(args, env);
    onTestFinished(() => void child.kill("SIGKILL"));
    let said = "";
    for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
      const [, url] = /listens on (\S+)$/.exec(line) ?? [];
      if (url !== undefined) {
        // What it says later must not hold it up.
        child.stderr?.resume();
        return new LeatdProcess(child, url);
      }
      said += `${line}\n`;
    }
    throw new Error(`leatd did not start:\n${said}`);
  }

  /** Ends it with the signal and resolves to its exit code, `null` when the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    return ended;
  }
}

/** @param wrapper words before the command, such as those of `unshare` */
export function spawnLeatd(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  wrapper: readonly string[] = [],
): ChildProcess {
  const node = [process.execPath, "--import", "tsx", "--conditions", "@leat/source"];
  const [command, ...rest] = [...wrapper, ...node, CLI, ...args] as [string, ...string[]];
  return spawn(command, rest, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}
