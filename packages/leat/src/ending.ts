import { inspect } from "node:util";
import { UNEXPECTED } from "./exit-codes.ts";

/** An attempt at a task: how messages call it, and what masks its private parameters in an error. */
export interface UnderWay {
  readonly name: string;
  readonly masked: (error: Error) => Error;
}

const SHOWN_TASKS = 3;

const underWay = new Map<string, UnderWay>();
let isExpected = false;

/** Notes that an attempt has begun, by the id of its task: it is named when the process ends before it. */
export function noteBegin(taskId: string, attempt: UnderWay): void {
  underWay.set(taskId, attempt);
}

export function noteEnd(taskId: string): void {
  underWay.delete(taskId);
}

/** From now on the process may end: the command has its result, or must not go on. */
export function expectEnd(): void {
  isExpected = true;
}

/** Says on stderr when a task ends the process, by `process.exit()` or by an error that nothing catches: exit code 40. */
export function watchEnd(): void {
  process.on("exit", () => {
    if (isExpected) return;
    const reason = "a task called process.exit(), or waits for something that never comes";
    process.stderr.write(`leat: the process ended before the command did${whileRunning()}: ${reason}.\n`);
    process.exitCode = UNEXPECTED;
  });
  process.on("uncaughtException", (error: unknown, origin) => {
    const cure = origin === "unhandledRejection" ? " Await all promises of run()." : "";
    process.stderr.write(`leat: nothing caught an error${whileRunning()}.${cure}\n${shown(error)}\n`);
    expectEnd();
    process.exit(UNEXPECTED);
  });
}

function whileRunning(): string {
  const names = Array.from(underWay.values(), ({ name }) => name);
  const more = names.length > SHOWN_TASKS ? ` and ${names.length - SHOWN_TASKS} more` : "";
  return names.length === 0 ? "" : ` while ${names.slice(0, SHOWN_TASKS).join(", ")}${more} ran`;
}

function shown(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(inspect(thrown));
  // It may be of any of them.
  const masked = [...underWay.values()].reduce((each, attempt) => attempt.masked(each), error);
  return masked.stack ?? masked.message;
}
