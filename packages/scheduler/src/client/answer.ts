import { SchedulerError, type SchedulerErrorCode } from "../errors.ts";
import type { HttpAnswer } from "./transport.ts";

/** Statuses after which the same request may succeed: too many requests, and a scheduler that starts or stops. */
const TEMPORARY = new Set([429, 502, 503, 504]);

export function isTemporary({ status }: HttpAnswer): boolean {
  return TEMPORARY.has(status);
}

const CODES: { readonly [status: number]: SchedulerErrorCode } = {
  400: "INVALID_COMMAND",
  401: "SCHEDULER_FORBIDDEN",
  403: "SCHEDULER_FORBIDDEN",
};

/** The reply that an answer holds. Throws what a refusal means. */
export function replyOf(answer: HttpAnswer, name: string): unknown {
  if (answer.status === 204) return undefined;
  const value = parse(answer.text);
  if (answer.status === 200 && value !== undefined) return value;
  const message = refusalOf(value);
  if (answer.status === 200 || message === undefined) {
    throw new SchedulerError(
      "SCHEDULER_PROTOCOL",
      `What answers at ${name} is no leatd: it gave status ${answer.status} and not the reply that was expected. ` +
        "Give the URL at which leatd says that it listens; workers of Leat cannot use a luigid.",
    );
  }
  const cure = CURES[answer.status] ?? "";
  throw new SchedulerError(
    CODES[answer.status] ?? "SCHEDULER_PROTOCOL",
    `${name}: ${message} ${cure}`.trimEnd(),
  );
}

/** Members of replies that say when a worker can go on. */
const TIMES = ["retryAt", "nextReadyAt"];

/** Such times by the clock of this machine: that of the scheduler may be hours before or behind it. */
export function inOwnTime(value: unknown, timeMs: number | undefined): unknown {
  if (timeMs === undefined || typeof value !== "object" || value === null) return value;
  const ahead = timeMs - Date.now();
  const reply: { [name: string]: unknown } = { ...value };
  for (const name of TIMES) {
    const at = reply[name];
    if (typeof at === "number") reply[name] = at - ahead;
  }
  return reply;
}

const CURES: { readonly [status: number]: string } = {
  401: "Give the token in LEAT_TOKEN or in a file.",
  403: "Give a token with the role that is needed.",
  404: "This leatd is of another version: bring both to the same one.",
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusalOf(value: unknown): string | undefined {
  const message = (value as { error?: { message?: unknown } } | undefined)?.error?.message;
  return typeof message === "string" ? message : undefined;
}
