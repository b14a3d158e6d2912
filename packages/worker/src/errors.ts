/** Anything thrown as an error: tasks may throw what they like. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error(`A value that is no error was thrown: ${String(thrown)}`, { cause: thrown });
}
