import { inspect } from "node:util";
import { LeatError, messageOf, type Task } from "@leat/core";
import { hideSecrets } from "./secrets.ts";

/**
 * What the code of a task threw, as an error: it may throw what it likes. Private parameters of the task are masked in all
 * texts of it, causes included, so that it can be logged and reported.
 */
export function failureOf(thrown: unknown, task: Task): Error {
  const error = toError(thrown);
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < MAX_CAUSES; depth++) {
    hideIn(each, "message", task);
    hideIn(each, "stack", task);
    each = each.cause;
  }
  return error;
}

/** More causes than these are a circle, or nobody's interest. */
const MAX_CAUSES = 8;

/** Anything thrown as an error. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const shown = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 1 });
  return new Error(`A value that is no error was thrown: ${shown}`, { cause: thrown });
}

function hideIn(error: Error, name: "message" | "stack", task: Task): void {
  const text = error[name];
  if (typeof text !== "string") return;
  const value = hideSecrets(text, task);
  // Not by assignment: the message of a DOMException, such as that of an abort, is read only.
  if (value !== text) Object.defineProperty(error, name, { value, configurable: true, writable: true });
}

/** For a log. An error of Leat says all in its message; any other came from code that somebody has to find. */
export function explain(error: Error): string {
  return LeatError.is(error) ? error.message : stacksOf(error);
}

/** For those who do not see the log. What Node says of a connection, such as "fetch failed", is told by its cause alone. */
export function inShort(error: Error): string {
  return LeatError.is(error) ? error.message : [...new Set(chainOf(error).map(messageOf))].join(": ");
}

function stacksOf(error: Error): string {
  return chainOf(error)
    .map((each) => each.stack ?? each.message)
    .join("\nCaused by: ");
}

/** An error and its causes. */
function chainOf(error: Error): Error[] {
  const chain: Error[] = [];
  for (let each: unknown = error; each instanceof Error && chain.length < MAX_CAUSES; each = each.cause) {
    chain.push(each);
  }
  return chain;
}
