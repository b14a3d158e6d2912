import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system in memory, where the system has one. */
const IN_MEMORY = "/dev/shm";

/** A new folder for files that are sent and received: in memory, so that what is timed is not the disk, for which all wait alike. */
export function memoryFolder(): string {
  return mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), "leat-transfer-"));
}
