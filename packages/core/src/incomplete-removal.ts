import { TargetError } from "./errors.ts";

/** The paths that an error names. */
const NAMED_PATHS = 100;

/**
 * The error for a directory of which not everything could be removed, for adapters: the first path with its reason in the message,
 * the others in the details.
 *
 * @param remaining paths that are still there, at least one
 * @param first why the first of them is
 */
export function incompleteRemoval(
  directory: string,
  remaining: readonly string[],
  first: TargetError,
): TargetError {
  const message = `${remaining.length} entries of ${directory} could not be removed, the others are gone. ${first.message}`;
  return new TargetError(first.code, message, {
    cause: first,
    details: {
      ...first.details,
      path: directory,
      remaining: remaining.slice(0, NAMED_PATHS).join("\n"),
      remainingCount: remaining.length,
    },
  });
}
