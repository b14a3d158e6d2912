import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Debian keeps servers here, and does not put these directories on the PATH of ordinary users. */
const SYSTEM_DIRECTORIES = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin"];

/** The absolute path of the first of the named programs found on PATH or where Debian keeps servers. */
export function findExecutable(...names: readonly string[]): string | undefined {
  const directories = [...(process.env["PATH"] ?? "").split(path.delimiter), ...SYSTEM_DIRECTORIES];
  const candidates = names.flatMap((name) => directories.map((directory) => path.join(directory, name)));
  return candidates.find((candidate) => path.isAbsolute(candidate) && isExecutable(candidate));
}

/** The absolute path of each program, by name; nothing when one is missing. A program may have several names. */
export function findExecutables<Name extends string>(
  names: Readonly<Record<Name, readonly string[]>>,
): Readonly<Record<Name, string>> | undefined {
  const found = Object.entries<readonly string[]>(names).map(([name, all]) => [name, findExecutable(...all)]);
  if (found.some(([, program]) => program === undefined)) return undefined;
  return Object.fromEntries(found) as Record<Name, string>;
}

/** True when this process may execute the file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
