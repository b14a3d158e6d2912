import { Readable } from "node:stream";
import { FileSystem, FileTarget, isTemporaryPath, TargetError, type FileStat } from "@leat/core";
import { fileTargetSuite, type FileWorkspace } from "@leat/testkit";
import { describe, it } from "vitest";

/** The least that a store can be: no capability but names of its own, and the methods that have no default. */
class MinimalFileSystem extends FileSystem {
  readonly name = "minimal";
  readonly capabilities = {
    directories: false,
    atomicReplace: false,
    atomicRename: false,
    createOnly: false,
    modifiedTime: false,
    streaming: false,
    emptySegments: true,
  };
  readonly files = new Map<string, Buffer>();

  protected override async _stat(path: string): Promise<FileStat | undefined> {
    const file = this.files.get(path);
    if (file !== undefined) return { kind: "file", size: file.length, modifiedAt: undefined };
    const isDirectory = path === "/" || this.#below(path).length > 0;
    return isDirectory ? { kind: "directory", size: 0, modifiedAt: undefined } : undefined;
  }

  protected override async *_list(path: string, recursive: boolean): AsyncGenerator<string> {
    if (this.files.has(path)) throw failure("TARGET_NOT_DIRECTORY", path);
    const below = this.#below(path);
    if (below.length === 0) throw failure("TARGET_NOT_FOUND", path);
    const start = withSlash(path).length;
    const entry = (file: string): string => file.slice(0, start) + /^[^/]*\/?/.exec(file.slice(start))?.[0];
    yield* recursive ? below : new Set(below.map(entry));
  }

  protected override async _mkdir(): Promise<void> {
    // There are no directories.
  }

  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    const below = recursive ? this.#below(path) : [];
    if (!recursive && !this.files.has(path) && this.#below(path).length > 0) {
      throw failure("TARGET_NOT_EMPTY", path);
    }
    return [path, ...below].filter((file) => this.files.delete(file)).length > 0;
  }

  protected override async _openRead(path: string, start: number): Promise<Readable> {
    const file = this.files.get(path);
    if (file !== undefined) return Readable.from([file.subarray(start)], { objectMode: false });
    throw failure(this.#below(path).length > 0 ? "TARGET_IS_DIRECTORY" : "TARGET_NOT_FOUND", path);
  }

  protected override async _openWrite(path: string) {
    const chunks: Uint8Array[] = [];
    return {
      write: async (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)),
      commit: async () => void this.files.set(path, Buffer.concat(chunks)),
      abort: async () => undefined,
    };
  }

  #below(path: string): string[] {
    return [...this.files.keys()].filter((file) => file.startsWith(withSlash(path)));
  }
}

class MinimalTarget extends FileTarget {
  override readonly fileSystem: MinimalFileSystem;

  constructor(fileSystem: MinimalFileSystem, ...args: ConstructorParameters<typeof FileTarget>) {
    super(...args);
    this.fileSystem = fileSystem;
  }
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

function failure(code: TargetError["code"], path: string): TargetError {
  return new TargetError(code, `Cannot use ${path}.`, { details: { path } });
}

function openMinimalWorkspace(): FileWorkspace {
  const fileSystem = new MinimalFileSystem();
  return {
    fileSystem,
    target: (path, options) => new MinimalTarget(fileSystem, `workspace/${path}`, options),
    root: "/",
    leftovers: async () => [...fileSystem.files.keys()].filter(isTemporaryPath),
    dispose: async () => fileSystem.files.clear(),
  };
}

fileTargetSuite({ describe, it }, "a store with nothing but what is required", openMinimalWorkspace);
