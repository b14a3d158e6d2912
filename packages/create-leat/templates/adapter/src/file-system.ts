import { Readable } from "node:stream";
import {
  FileSystem,
  type FileStat,
  type FileSystemCapabilities,
  type FileWriter,
  TargetError,
  type TargetErrorCode,
} from "@leat/core";
import { ExampleClient } from "./client.ts";

/** Files in Example, a flat store of objects: a directory is there as long as a file is below it. */
export class ExampleFileSystem extends FileSystem {
  readonly name = "example";
  /** What the store can do. The suite tests what is claimed here, and finds out what could be claimed. */
  readonly capabilities: FileSystemCapabilities = {
    directories: false,
    atomicReplace: true,
    atomicRename: false,
    createOnly: true,
    modifiedTime: true,
    streaming: false,
    emptySegments: true,
  };
  readonly #client: ExampleClient;

  constructor(client = new ExampleClient()) {
    super();
    this.#client = client;
  }

  override async close(): Promise<void> {
    await this.#client.close();
  }

  protected override async _stat(path: string): Promise<FileStat | undefined> {
    const found = await this.#client.get(path);
    if (found !== undefined)
      return { kind: "file", size: found.content.byteLength, modifiedAt: found.modifiedAt };
    const isDirectory = this.isRoot(path) || (await this.#below(path)).length > 0;
    return isDirectory ? { kind: "directory", size: 0, modifiedAt: undefined } : undefined;
  }

  protected override async *_list(path: string, recursive: boolean): AsyncGenerator<string> {
    const below = await this.#below(path);
    if (below.length === 0 && !this.isRoot(path)) throw await this.#unusable(path, "TARGET_NOT_DIRECTORY");
    yield* recursive ? below : new Set(below.map((key) => entryOf(path, key)));
  }

  protected override async _mkdir(
    path: string,
    { exclusive }: { readonly exclusive: boolean },
  ): Promise<void> {
    // There are no directories to make; only what is in the way matters.
    if (exclusive && (await this._stat(path)) !== undefined) throw failure("TARGET_EXISTS", path);
  }

  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    const below = await this.#below(path);
    const removed = await this.#client.delete(path);
    if (!recursive && !removed && below.length > 0) throw failure("TARGET_NOT_EMPTY", path);
    if (!recursive) return removed;
    const others = await Promise.all(below.map((key) => this.#client.delete(key)));
    return removed || others.includes(true);
  }

  protected override async _openRead(path: string, start: number): Promise<Readable> {
    const found = await this.#client.get(path);
    if (found === undefined) throw await this.#unusable(path, "TARGET_IS_DIRECTORY");
    return Readable.from([found.content.subarray(start)], { objectMode: false });
  }

  protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
    const chunks: Uint8Array[] = [];
    return {
      // The caller uses its chunk again: keep a copy.
      write: async (chunk) => void chunks.push(Uint8Array.from(chunk)),
      commit: async () => {
        const isStored = await this.#client.put(path, Buffer.concat(chunks), exclusive);
        if (!isStored) throw failure("TARGET_EXISTS", path);
      },
      abort: async () => void chunks.splice(0),
    };
  }

  #below(path: string): Promise<string[]> {
    return this.#client.keys(this.isRoot(path) ? "/" : withSlash(path));
  }

  /** Why a path cannot be used: nothing is there, or else `code`. */
  async #unusable(path: string, code: TargetErrorCode): Promise<TargetError> {
    return failure((await this._stat(path)) === undefined ? "TARGET_NOT_FOUND" : code, path);
  }
}

/** The entry of a directory through which a key below it is reached. */
function entryOf(directory: string, key: string): string {
  const start = withSlash(directory).length;
  return key.slice(0, start) + (/^[^/]*\/?/.exec(key.slice(start))?.[0] ?? "");
}

function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

const REASONS: Partial<Record<TargetErrorCode, string>> = {
  TARGET_NOT_FOUND: "nothing is there. Check the path",
  TARGET_EXISTS: "something is there already. Remove it first",
  TARGET_NOT_EMPTY: "there are files below it. Remove it with `recursive`",
  TARGET_IS_DIRECTORY: "it is a directory. Give the path of a file",
  TARGET_NOT_DIRECTORY: "it is a file. Give the path of a directory",
};

function failure(code: TargetErrorCode, path: string): TargetError {
  return new TargetError(code, `Cannot use ${path} in Example: ${REASONS[code] ?? code}.`, {
    details: { path },
  });
}
