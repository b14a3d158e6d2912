import { TargetError } from "./errors.ts";
import type { FileSystem, OperationOptions } from "./file-system.ts";
import { FileTarget } from "./file-target.ts";

/** Files that belong together, as `output()` gives them. */
export type FileSet = readonly FileTarget[] | { readonly [name: string]: FileTarget };

/** The same files in the making, in the same shape. */
export type StagedFiles<S> = { readonly [K in keyof S]: FileTarget };

/**
 * Writes several files as one set. `write` gets the same files in the making, each beside its final path and of the same format;
 * when it has written all of them, they get their names, one after another.
 *
 * The last of the set is the sign: an older one is removed before any other file is replaced, and the new one comes when all
 * others are there. So a process that is killed at any moment leaves a set whose last file is absent, or a whole set of one
 * writing, and a task that has all of them as its outputs is complete only with a whole one. A reader who finds the last file
 * finds all of them; one that read an older set meanwhile may come upon files of both.
 *
 * When `write` throws, nothing is published and nothing is left. With `durability: "fsync"` the same holds for a machine that
 * stops, for files in one directory.
 *
 * @throws TargetError `TARGET_NOT_FOUND` for a file that `write` did not write; then nothing is published
 */
export async function publishTogether<const S extends FileSet>(
  targets: S,
  write: (staged: StagedFiles<S>) => Promise<void> | void,
  options: OperationOptions = {},
): Promise<void> {
  const files = Object.entries(targets).map(([name, target]) => [name, new StagedFile(target)] as const);
  const staged = files.map(([, file]) => file);
  try {
    await write((Array.isArray(targets) ? staged : Object.fromEntries(files)) as StagedFiles<S>);
    await requireAll(staged);
    options.signal?.throwIfAborted();
    // Without the signal: what was begun here is better brought to its end.
    await publish(staged);
  } catch (error) {
    await Promise.all(staged.map((file) => file.remove().catch(() => undefined)));
    throw error;
  }
}

/** A file that has not got its name yet. */
class StagedFile extends FileTarget {
  override readonly fileSystem: FileSystem;
  readonly target: FileTarget;

  constructor(target: FileTarget) {
    super(target.fileSystem.temporaryPath(target.path), { format: target.format });
    this.fileSystem = target.fileSystem;
    this.target = target;
  }

  override toString(): string {
    return this.target.toString();
  }
}

async function requireAll(files: readonly StagedFile[]): Promise<void> {
  for (const file of files) {
    if (await file.exists()) continue;
    const message = `${file} was not written, so nothing of its set is published. Write every file that you are given.`;
    throw new TargetError("TARGET_NOT_FOUND", message, { details: { path: file.target.path } });
  }
}

async function publish(files: readonly StagedFile[]): Promise<void> {
  if (files.length > 1) await files.at(-1)?.target.remove();
  for (const { fileSystem, path, target } of files) await fileSystem.rename(path, target.path);
}
