import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { onExit } from "./exit-hooks.ts";
import { endsWithParent, type RunAs, wrapCommand } from "./run-as.ts";

const READY_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 20;
const STOP_GRACE_MS = 10_000;
const PROGRAM_TIMEOUT_MS = 120_000;
const CLOSE_GRACE_MS = 1_000;
const MAX_OUTPUT_CHARACTERS = 20_000;

/** A program to run in the foreground. */
export interface ServerCommand {
  /** What error messages call it. */
  readonly name: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** Its working directory, and its HOME. */
  readonly directory: string;
  /** Defaults to the user of this process. */
  readonly runAs?: RunAs;
  /** Added to the few variables that a server gets from this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** The signal that asks for an orderly end. Defaults to SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** How long the server may take to end in good order before it is killed. Defaults to 10000. */
  readonly stopGraceMs?: number;
  /** The signal sent when Node exits before `stop()`. Defaults to SIGKILL. */
  readonly exitSignal?: NodeJS.Signals;
}

/** A program did not start, or did not do its work. `output` is the last that it wrote. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly output: string;

  constructor(message: string, output: string, options?: ErrorOptions) {
    super(`${message}. Its last output:\n${output.trim() || "(none)"}`, options);
    this.output = output;
  }
}

/**
 * A server as a child process. It does not keep Node running; when Node exits it is ended, and on Linux also when Node
 * is killed.
 */
export class ServerProcess {
  readonly name: string;
  /** Settles with a description, such as "exit code 1", when the process has ended. Never rejects. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #stopSignal: NodeJS.Signals;
  readonly #stopGraceMs: number;
  #output = "";
  #end: string | undefined;

  constructor(server: ServerCommand) {
    this.name = server.name;
    this.#stopSignal = server.stopSignal ?? "SIGTERM";
    this.#stopGraceMs = server.stopGraceMs ?? STOP_GRACE_MS;
    this.#child = spawnCommand(server);
    this.#collectOutput();
    const forget = onExit(() => this.#child.kill(server.exitSignal ?? "SIGKILL"));
    this.ended = describeEnd(this.#child).then((end) => {
      forget();
      this.#end = end;
      return end;
    });
    unref(this.#child);
  }

  /** The last 20,000 characters of standard output and standard error. */
  get output(): string {
    return this.#output;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Calls `probe` every 20 ms until it does not reject. When the server ends first, or after `timeoutMs` (default
   * 60000), ends the server and throws a ServerError.
   */
  async waitUntilReady(probe: () => Promise<unknown>, timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        await this.#whileRunning(probe());
        return;
      } catch (error) {
        if (this.#end !== undefined) throw this.#error(`ended before it was ready (${this.#end})`, error);
        if (Date.now() > deadline) {
          await this.kill();
          throw this.#error(`was not ready after ${timeoutMs} ms`, error);
        }
      }
      await sleep(POLL_INTERVAL_MS);
    }
  }

  /** Asks the server to end, and kills it when its grace is over. Settles once it has ended. */
  async stop(): Promise<void> {
    this.#child.kill(this.#stopSignal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), this.#stopGraceMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends the server as a crash would. Settles once it has ended. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    // The child does not keep Node running, see `unref`; this does.
    const timer = setInterval(() => {}, STOP_GRACE_MS);
    await this.ended;
    clearInterval(timer);
  }

  async #whileRunning(probing: Promise<unknown>): Promise<void> {
    const ended = this.ended.then((end) => {
      throw new Error(end);
    });
    await Promise.race([probing, ended]);
  }

  #collectOutput(): void {
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-MAX_OUTPUT_CHARACTERS);
      });
    }
  }

  #error(what: string, cause: unknown): ServerError {
    return new ServerError(`${this.name} ${what}`, this.#output, { cause });
  }
}

/** Runs a program to its end, at most `timeoutMs` (default 120000), and gives its output. Throws a ServerError. */
export async function runToEnd(program: ServerCommand, timeoutMs = PROGRAM_TIMEOUT_MS): Promise<string> {
  const running = new ServerProcess(program);
  const timer = setTimeout(() => void running.kill(), timeoutMs);
  const end = await running.ended;
  clearTimeout(timer);
  if (end !== "exit code 0") throw new ServerError(`${program.name} failed (${end})`, running.output);
  return running.output;
}

function spawnCommand(server: ServerCommand): ChildProcess {
  const { command, args, identity } = wrapCommand(
    server.command,
    server.args,
    server.runAs ?? { kind: "self" },
  );
  const options: SpawnOptions = {
    ...identity,
    cwd: server.directory,
    env: { ...inheritedEnvironment(), HOME: server.directory, LC_ALL: "C", ...server.environment },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C reaches every process of the terminal's group. The server must outlive the work that uses it, so it leaves
    // the group; but only where the kernel ends it with its parent, else Ctrl-C would leave it behind.
    detached: endsWithParent(),
    windowsHide: true,
  };
  return spawn(command, args, options);
}

/** Servers run as other accounts, which have no business in this process's variables: secrets are among them. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const names = ["PATH", "TZ", "LD_LIBRARY_PATH", "TMPDIR", "SystemRoot", "TEMP"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

async function describeEnd(child: ChildProcess): Promise<string> {
  // "close" comes with the end of the output: when the server's own children are gone too, unless they hang on.
  const closed = once(child, "close").catch(() => {});
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    await Promise.race([closed, sleep(CLOSE_GRACE_MS)]);
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  } catch (error) {
    return String(error);
  }
}

function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
}
