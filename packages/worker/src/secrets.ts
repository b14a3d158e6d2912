import type { Task } from "@leat/core";
import { classOf } from "./task-name.ts";

const MASK = "***";

/** Shorter values are masked only where they stand alone: `7` as a secret would make every text unreadable. */
const MIN_PART = 4;

/** A text that the task's own code made, with the values of its private parameters masked. */
export function hideSecrets(text: string, task: Task): string {
  const secrets = secretsOf(task);
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

/** Longest first: a secret may contain another. */
function secretsOf(task: Task): RegExp[] {
  const values = task as unknown as Readonly<Record<string, unknown>>;
  return privateNames(task)
    .flatMap((name) => textsOf(values[name], (value) => classOf(task).params[name]?.type.serialize(value)))
    .toSorted((a, b) => b.length - a.length)
    .map(patternOf);
}

const namesByClass = new WeakMap<object, readonly string[]>();

function privateNames(task: Task): readonly string[] {
  const type = classOf(task);
  const known = namesByClass.get(type);
  if (known !== undefined) return known;
  const names = Object.keys(type.params).filter((name) => type.params[name]?.visibility === "private");
  namesByClass.set(type, names);
  return names;
}

function textsOf(value: unknown, serialize: (value: unknown) => string | undefined): string[] {
  const text = serialize(value) ?? "";
  const quoted = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, quoted])].filter((each) => each !== "");
}

function patternOf(secret: string): RegExp {
  const escaped = secret.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(
    secret.length < MIN_PART ? String.raw`(?<![\p{L}\p{N}])${escaped}(?![\p{L}\p{N}])` : escaped,
    "gu",
  );
}
