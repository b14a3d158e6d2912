import { type FileSystem, TargetError } from "@leat/core";

/** As many directories as are listed at most; of more, those above them are. As many globs as Luigi makes at most. */
const MOST_DIRECTORIES = 5;

/** A listing is given up when it shows more files than this, and this many for each that is looked for. */
const MANY_FILES = 1_000;
const MANY_FILES_EACH = 100;

/**
 * Which of many files are there, by listing the few directories that they are in. `undefined` when a listing would not be
 * cheaper than to ask for each file, or turns out to be long.
 */
export async function findByListing(
  fileSystem: FileSystem,
  paths: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const directories = directoriesOf(fileSystem, paths);
  if (directories === undefined || directories.length >= paths.length) return undefined;
  const wanted = new Map(paths.map((path) => [plainPath(path), path]));
  const found = new Set<string>();
  let budget = MANY_FILES + MANY_FILES_EACH * paths.length;
  for (const directory of directories) {
    const recursive = paths.some((path) => isDeepIn(fileSystem, path, directory));
    for await (const path of list(fileSystem, directory, recursive)) {
      const match = wanted.get(plainPath(path));
      if (match !== undefined) found.add(match);
      if (--budget < 0) return undefined;
    }
  }
  return found;
}

/** A few directories below which all the paths are; `undefined` when that takes a whole store. */
function directoriesOf(fileSystem: FileSystem, paths: readonly string[]): string[] | undefined {
  let directories = new Set<string>();
  for (const path of paths) {
    const parent = fileSystem.parentOf(path);
    if (parent === undefined) return undefined;
    directories.add(parent);
  }
  while (directories.size > MOST_DIRECTORIES) {
    const above = oneLevelUp(fileSystem, directories);
    if (above === undefined) return undefined;
    directories = above;
  }
  const all = [...directories];
  return all.filter((directory) => !all.some((other) => isBelow(directory, other)));
}

/** The same directories with the parents of the deepest in their place. */
function oneLevelUp(fileSystem: FileSystem, directories: ReadonlySet<string>): Set<string> | undefined {
  const deepest = Math.max(...Array.from(directories, depthOf));
  const above = new Set<string>();
  for (const directory of directories) {
    const next = depthOf(directory) === deepest ? fileSystem.parentOf(directory) : directory;
    // All of a store, or all of a working directory, is never searched.
    if (next === undefined || next === "/" || next === ".") return undefined;
    above.add(next);
  }
  return above;
}

function depthOf(path: string): number {
  return path.split("/").length;
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

function isDeepIn(fileSystem: FileSystem, path: string, directory: string): boolean {
  return isBelow(path, directory) && fileSystem.parentOf(path) !== directory;
}

/** The files of a directory; none when there is no such directory. */
async function* list(fileSystem: FileSystem, directory: string, recursive: boolean): AsyncGenerator<string> {
  try {
    yield* fileSystem.list(directory, { recursive });
  } catch (error) {
    if (!(error instanceof TargetError) || !ABSENT.has(error.code)) throw error;
  }
}

const ABSENT: ReadonlySet<string> = new Set(["TARGET_NOT_FOUND", "TARGET_NOT_DIRECTORY"]);

/** A listing of the working directory spells its files `./a`. */
function plainPath(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}
