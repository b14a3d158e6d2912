import { TargetError, UsageError } from "./errors.ts";
import type { FileStat } from "./file-system.ts";

/** @throws UsageError `OPTION_INVALID` for an age that is no number above 0 */
export function checkMaxAge(seconds: number | undefined, path: string): number | undefined {
  if (seconds === undefined || seconds > 0) return seconds;
  const message = `maxAgeSeconds of ${path} is ${seconds}. Give a number of seconds above 0.`;
  throw new UsageError("OPTION_INVALID", message);
}

/**
 * Why a file counts as absent although it is there, as the end of a sentence; `undefined` while it is young enough.
 *
 * @throws TargetError `TARGET_UNSUPPORTED` where the store does not tell when it was written
 */
export function staleness({ modifiedAt }: FileStat, path: string, maxAgeSeconds: number): string | undefined {
  if (modifiedAt === undefined) {
    const message = `The age of ${path} cannot be told: its store keeps no times. Leave out maxAgeSeconds.`;
    throw new TargetError("TARGET_UNSUPPORTED", message, { details: { path } });
  }
  const ageSeconds = (Date.now() - modifiedAt) / 1000;
  if (ageSeconds < maxAgeSeconds) return undefined;
  return `is ${spanText(ageSeconds)} old, and counts as absent from ${spanText(maxAgeSeconds)} on`;
}

const UNITS: readonly [string, number][] = [
  ["days", 86_400],
  ["hours", 3600],
  ["minutes", 60],
];

/** In the largest unit of which there are two. */
function spanText(seconds: number): string {
  const [unit, length] = UNITS.find(([, size]) => seconds >= 2 * size) ?? ["seconds", 1];
  return `${Math.floor(seconds / length)} ${unit}`;
}
