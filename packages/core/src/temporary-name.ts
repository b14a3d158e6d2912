import { randomBytes } from "node:crypto";

// Most stores take names of up to 255 bytes.
const NAME_BYTES = 255;
const TEMPORARY_NAME = /^\..*\.leat-tmp-\d+-[0-9a-f]{12}$/;

/**
 * A new name for data in the making: `.<name>.leat-tmp-<process id>-<random>`. It tells what it was to become and who made
 * it; a name too long for that is cut.
 */
export function temporaryName(name: string): string {
  const suffix = `.leat-tmp-${process.pid}-${randomBytes(6).toString("hex")}`;
  const kept = Buffer.from(name).subarray(0, NAME_BYTES - 1 - suffix.length);
  // A character that was cut decodes to U+FFFD.
  return `.${kept.toString().replace(/\uFFFD+$/, "")}${suffix}`;
}

/** Whether a path is, or is below, a file or directory in the making. */
export function isTemporaryPath(path: string): boolean {
  return path.includes(".leat-tmp-") && path.split(/[/\\]/).some((name) => TEMPORARY_NAME.test(name));
}
