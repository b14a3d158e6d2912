import type { FileInfo } from "basic-ftp";
import { TargetError } from "@leat/core";

/** What is in a directory, as a listing shows it. */
export interface FtpEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "link" | "other";
}

/** @throws TargetError `TARGET_INVALID_DATA` for a name that is not UTF-8: there is no path that would lead to it */
export function entriesOf(infos: readonly FileInfo[], directory: string): FtpEntry[] {
  return infos
    .filter(({ name }) => name !== "." && name !== "..")
    .map((info) => ({ name: decodedName(info.name, directory), kind: kindOf(info) }));
}

function kindOf(info: FileInfo): FtpEntry["kind"] {
  if (info.isSymbolicLink) return "link";
  if (info.isDirectory) return "directory";
  return info.isFile ? "file" : "other";
}

function decodedName(name: string, directory: string): string {
  const bytes = Buffer.from(name, "latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const shown = JSON.stringify(bytes.toString());
    const message = `The directory ${directory} has an entry whose name is not UTF-8 (about ${shown}). Rename it on the server.`;
    throw new TargetError("TARGET_INVALID_DATA", message, { cause, details: { path: directory } });
  }
}

export function childPath(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}
