import assert from "node:assert/strict";
import { inspect } from "node:util";
import { LeatError } from "@leat/core";
import type { MarkerWorkspace } from "../marker-workspace.ts";

/** Promises by what they say, each with what shows that it is kept. */
export type MarkerStatements = Readonly<Record<string, (workspace: MarkerWorkspace) => Promise<void>>>;

/** The error of what must fail. */
export async function rejection(promise: Promise<unknown>): Promise<LeatError> {
  const error = await promise.then(
    (value) => assert.fail(`resolved with ${inspect(value)}`),
    (thrown: unknown) => thrown,
  );
  assert.ok(LeatError.is(error), inspect(error));
  return error;
}

/** Says that nothing of an error or a target shows a secret. */
export function assertNoSecret(value: unknown, secrets: readonly string[]): void {
  const shown = `${inspect(value, { depth: 10, showHidden: true })} ${JSON.stringify(value)} ${String(value)}`;
  for (const secret of secrets) assert.ok(!shown.includes(secret), "a secret is shown");
}
