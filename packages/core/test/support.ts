import { type Param, Task } from "@leat/core";
import { expect } from "vitest";

/** A task for tests that look at parameters only. */
export abstract class Job extends Task {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

/** Matches a `LeatError` with this code and a message that contains these parts. */
export function leatError(code: string, ...parts: readonly string[]): unknown {
  const message: unknown = parts.length === 0 ? expect.any(String) : undefined;
  return expect.objectContaining({
    code,
    message: message ?? expect.stringMatching(new RegExp(parts.map(escape).join(".*"), "s")),
  });
}

/** What the text becomes in a task id after reading it. */
export function canonical<T>(param: Param<T>, text: string): string {
  return param.type.serialize(param.parse(text, "T.x"));
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Seed of random tests: `LEAT_SEED`, or another one for each run. */
export const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
