import { expect } from "vitest";

/** Matches a `LeatError` with this code and a message that has this part. */
export function leatError(code: string, part: string): Error {
  return expect.objectContaining({ code, message: expect.stringContaining(part) as string }) as Error;
}
