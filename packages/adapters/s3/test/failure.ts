import { LeatError } from "@leat/core";
import { expect } from "vitest";

/** Waits for a rejection with an error of ours, and gives it. */
export async function failureOf(promise: Promise<unknown>): Promise<LeatError> {
  const error = await promise.then(
    () => expect.unreachable("it did not fail"),
    (thrown: unknown) => thrown,
  );
  expect(error).toSatisfy((thrown) => LeatError.is(thrown));
  return error as LeatError;
}
