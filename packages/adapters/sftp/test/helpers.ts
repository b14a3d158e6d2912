import { LeatError } from "@leat/core";
import { expect } from "vitest";

/** Waits for a rejection with an error of ours. */
export async function failureOf(promise: Promise<unknown>): Promise<LeatError> {
  const error = await promise.then(
    () => expect.unreachable("it did not fail"),
    (thrown: unknown) => thrown,
  );
  // As it is, it tells more than that it is no error of ours.
  if (!LeatError.is(error)) throw error;
  return error;
}

/** Bytes of which no two parts are alike. */
export function pattern(length: number): Buffer {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, (_, index) =>
    Math.imul(index, 2654435761),
  );
  return Buffer.from(words.buffer, 0, length);
}
