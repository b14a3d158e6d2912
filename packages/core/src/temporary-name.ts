import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";

// Most stores take names of up to 255 bytes.
const NAME_BYTES = 255;
const TEMPORARY_NAME = /^\..*\.leat-tmp-(\d+)-([0-9a-f]{4})[0-9a-f]{8}$/;

let ownMachine: string | undefined;

/** Who makes something. */
interface Maker {
  readonly processId: number;
  /** Whether it is, or was, a process of this machine; containers are machines of their own. */
  readonly isOnThisMachine: boolean;
}

/**
 * A new name for data in the making: `.<name>.leat-tmp-<process id>-<machine><random>`. It tells what it was to become and who
 * made it; a name too long for that is cut.
 */
export function temporaryName(name: string): string {
  const suffix = `.leat-tmp-${process.pid}-${machine()}${randomBytes(4).toString("hex")}`;
  const kept = Buffer.from(name).subarray(0, NAME_BYTES - 1 - suffix.length);
  // A character that was cut decodes to U+FFFD.
  return `.${kept.toString().replace(/\uFFFD+$/, "")}${suffix}`;
}

/** Whether a path is, or is below, a file or directory in the making. */
export function isTemporaryPath(path: string): boolean {
  return path.includes(".leat-tmp-") && path.split(/[/\\]/).some((name) => TEMPORARY_NAME.test(name));
}

/** The part of a path that ends with the first name of data in the making; `undefined` when it has none. */
export function temporaryPart(path: string): string | undefined {
  const names = path.split("/");
  const place = names.findIndex((name) => TEMPORARY_NAME.test(name));
  return place === -1 ? undefined : names.slice(0, place + 1).join("/");
}

/** Who made what is at a path that ends with a temporary name. */
export function makerOf(path: string): Maker | undefined {
  const found = TEMPORARY_NAME.exec(path.slice(path.lastIndexOf("/") + 1));
  if (found === null) return undefined;
  return { processId: Number(found[1]), isOnThisMachine: found[2] === machine() };
}

/** Four digits that stand for this machine's name. */
function machine(): string {
  ownMachine ??= createHash("sha256").update(hostname()).digest("hex").slice(0, 4);
  return ownMachine;
}
