import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalTarget } from "leat";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Where everything is that the tasks make: LEAT_QUICKSTART_DIR, else `.leat` beside the README. */
export const OUTPUT_DIRECTORY = resolve(process.env["LEAT_QUICKSTART_DIR"] || join(HERE, "..", ".leat"));

/** A file that a task makes. */
export function made(name: string): LocalTarget {
  return new LocalTarget(join(OUTPUT_DIRECTORY, name));
}

/** A file that comes with the quickstart. */
export function ours(name: string): LocalTarget {
  return new LocalTarget(join(HERE, "..", "data", name));
}

/** A file of the npm package vega-datasets. */
export function dataset(name: string): LocalTarget {
  const entry = fileURLToPath(import.meta.resolve("vega-datasets"));
  return new LocalTarget(join(dirname(entry), "..", "data", name));
}

/** Tells one making of files from another: when the last of them was written, or `nothing` while one is missing. */
export function versionOf(files: readonly LocalTarget[]): string {
  const times = files.map(({ path }) => statSync(path, { throwIfNoEntry: false })?.mtime.toISOString());
  return newest(times.map((time) => time ?? "nothing"));
}

/** The last of several versions; `nothing` when one of them is that, as letters come after digits. */
export function newest(versions: readonly string[]): string {
  return versions.toSorted().at(-1) ?? "nothing";
}
