import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { configurationInForce, pluginsInForce, UsageError } from "@leat/core";
import { ChildAttempt } from "./child-attempt.ts";
import { kill } from "./process-group.ts";
import type { FromChild, ToChild, TransferMessage } from "./process-messages.ts";
import {
  type AttemptObserver,
  type AttemptSpec,
  type Runner,
  type RunningAttempt,
  settledAttempt,
} from "./runner.ts";
import { nameOf } from "./task-name.ts";
import type { ProcessTransferListener } from "./transfers.ts";

/** Time that children have to end when the runner lets go of them. */
const CLOSE_MS = 2000;

/**
 * Runs each attempt in a child process: attempts compute in parallel, cannot harm each other or the worker, and can be ended
 * at any moment. Processes are kept and used again; one that ended is replaced. They end with this process, however it
 * ends, and what they started ends with them. What tasks print to stdout goes to stderr, as log lines do.
 */
export class ProcessRunner implements Runner {
  readonly name = "process";
  readonly #all = new Set<ChildProcess>();
  readonly #idle = new Set<ChildProcess>();
  readonly #killAll = () => this.#all.forEach(kill);
  readonly #onTransfer: ProcessTransferListener | undefined;

  /** @param onTransfer hears of the files that children write */
  constructor(onTransfer?: ProcessTransferListener) {
    this.#onTransfer = onTransfer;
    process.on("exit", this.#killAll);
  }

  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt {
    const { recipe } = attempt;
    if (recipe === undefined) return settledAttempt(Promise.reject(notPortable(attempt)));
    const [child = this.#spawn()] = this.#idle;
    this.#idle.delete(child);
    const running = new ChildAttempt(child, attempt, recipe, observer);
    const release = () => this.#release(child);
    running.result.then(release, release);
    return running;
  }

  async close(): Promise<void> {
    const exits = [...this.#all].map((child) => once(child, "exit"));
    for (const child of this.#all) child.disconnect();
    const deadline = setTimeout(this.#killAll, CLOSE_MS);
    await Promise.all(exits);
    clearTimeout(deadline);
    process.off("exit", this.#killAll);
  }

  #spawn(): ChildProcess {
    // A group of its own: the interrupt key of a terminal reaches the worker alone, which decides what becomes of attempts.
    const child = fork(CHILD, { execArgv: childFlags(), detached: true, stdio: ["ignore", 2, 2, "ipc"] });
    this.#all.add(child);
    child.once("exit", () => this.#forget(child));
    child.on("error", () => this.#forget(child));
    child.on("message", (message: FromChild | TransferMessage) => {
      if (message.type === "transfer") this.#onTransfer?.(child.pid as number, message.progress);
    });
    configure(child, this.#onTransfer !== undefined);
    return child;
  }

  #release(child: ChildProcess): void {
    if (this.#all.has(child)) this.#idle.add(child);
  }

  #forget(child: ChildProcess): void {
    this.#all.delete(child);
    this.#idle.delete(child);
    // What it started may still run.
    kill(child);
  }
}

/** Tasks that the child makes have the same values as here. */
function configure(child: ChildProcess, transfers: boolean): void {
  const { layers } = configurationInForce().configuration;
  const { origin } = pluginsInForce();
  const plugins = origin === undefined ? {} : { plugins: origin };
  const message: ToChild = { type: "configure", layers, transfers, ...plugins };
  child.send(message, () => undefined);
}

const inSource = import.meta.url.endsWith(".ts");
const CHILD = new URL(inSource ? "./process-child.ts" : "./process-child.js", import.meta.url);

/** Flags of this process that its children need too: loaders, limits. Not what names another program, or a port. */
function childFlags(): string[] {
  const own = process.execArgv.filter(
    (flag, index, flags) => !NOT_FOR_CHILDREN.test(flag) && !EVALUATING.test(flags[index - 1] ?? ""),
  );
  if (!inSource) return own;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return [...own, "--import", tsx, "--conditions=@leat/source"];
}

const EVALUATING = /^(-e|--eval|-p|--print|-pe)$/;
const NOT_FOR_CHILDREN =
  /^(-e|-p|-pe|--eval|--print|--input-type|--inspect|--test|--watch|--cpu-prof|--heap-prof)/;

function notPortable({ task }: AttemptSpec): UsageError {
  const message =
    `${nameOf(task)} cannot run in another process: it is not known which module makes it. ` +
    "Export its class from the module that is run, or use the inline runner.";
  return new UsageError("TASK_NOT_PORTABLE", message);
}
