import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { FileSystem, type FileStat, type FileWriter, TargetError, type TargetErrorCode } from "@leat/core";
import { forEachAtOnce } from "./at-once.ts";
import { type ObjectOptions, objectOptions } from "./object-options.ts";
import { clientFor, closeClient, isAws } from "./s3-client.ts";
import { copyObject } from "./s3-copy.ts";
import { hasCode } from "./s3-errors.ts";
import { hasAny, listPages } from "./s3-listing.ts";
import { checkOptions, DEFAULTS, type S3FileSystemOptions } from "./s3-options.ts";
import { locate, pathOf, prefixOf, type S3Location } from "./s3-path.ts";
import { S3ReadStream } from "./s3-read-stream.ts";
import { S3Removal } from "./s3-removal.ts";
import { type S3Purpose, S3Store } from "./s3-store.ts";
import { S3Writer } from "./s3-writer.ts";

/** Objects that are moved at a time with their directory. */
const MOVES_AT_ONCE = 8;

/**
 * The objects of S3, or of another store that speaks its protocol, as files. Paths are `s3://bucket/key`, and keys are
 * stored exactly as they are given. There are no directories: one is there as long as an object is below it. Empty
 * objects whose keys end in a slash, which other programs make to mark a directory, count for that, and are not listed.
 */
export class S3FileSystem extends FileSystem {
  readonly name = "s3";
  readonly capabilities;
  readonly #store: S3Store;
  readonly #objects: ObjectOptions;
  readonly #partBytes: number;
  readonly #copyPartBytes: number;

  /** @throws UsageError `OPTION_INVALID` */
  constructor(options: S3FileSystemOptions = {}) {
    super();
    checkOptions(options);
    const { connection, createOnly = isAws(connection), emptySegments = true } = options;
    this.capabilities = {
      directories: false,
      atomicReplace: true,
      atomicRename: false,
      createOnly,
      modifiedTime: true,
      streaming: true,
      emptySegments,
    } as const;
    this.#store = new S3Store(clientFor(connection));
    this.#objects = objectOptions(options);
    this.#partBytes = options.partBytes ?? DEFAULTS.partBytes;
    this.#copyPartBytes = options.copyPartBytes ?? DEFAULTS.copyPartBytes;
  }

  override sharesFilesWith(other: FileSystem): boolean {
    return other instanceof S3FileSystem && other.#store.client === this.#store.client;
  }

  override parentOf(path: string): string | undefined {
    return this.isRoot(path) ? undefined : super.parentOf(path);
  }

  /** Closes idle connections, also those of other file systems with the same settings; a client of the user's stays as it is. */
  override async close(): Promise<void> {
    closeClient(this.#store.client);
  }

  protected override checkPath(path: string): void {
    super.checkPath(path);
    locate(path);
  }

  protected override isRoot(path: string): boolean {
    return locate(path).key === "";
  }

  protected override async _stat(path: string, signal?: AbortSignal): Promise<FileStat | undefined> {
    const purpose: S3Purpose = { action: "look at", path, signal };
    const { bucket, key } = this.#locate(path);
    const object = key.endsWith("/") || key === "" ? undefined : await this.#head({ bucket, key }, purpose);
    if (object !== undefined) {
      return { kind: "file", size: object.ContentLength ?? 0, modifiedAt: object.LastModified?.getTime() };
    }
    const isDirectory = await hasAny(this.#store, { bucket, key: prefixOf(key) }, purpose);
    return isDirectory || key === "" ? { kind: "directory", size: 0, modifiedAt: undefined } : undefined;
  }

  protected override async *_list(
    path: string,
    recursive: boolean,
    signal?: AbortSignal,
  ): AsyncGenerator<string> {
    const { bucket, key } = this.#locate(path);
    const directory = { bucket, key: prefixOf(key) };
    let isEmpty = key !== "";
    for await (const page of listPages(this.#store, directory, !recursive, {
      action: "list",
      path,
      signal,
    })) {
      const keys = [...page.keys, ...page.directories];
      if (keys.length > 0) isEmpty = false;
      const shown = [...page.keys.filter(isFile), ...page.directories];
      for (const key of shown) yield pathOf({ bucket, key });
    }
    if (isEmpty) throw await this.#unlistable(path, signal);
  }

  protected override async _mkdir(
    path: string,
    { exclusive }: { readonly exclusive: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    const found = exclusive ? await this._stat(path, signal) : undefined;
    if (found !== undefined) throw failure("TARGET_EXISTS", path, "something is there already");
  }

  protected override async _remove(path: string, recursive: boolean, signal?: AbortSignal): Promise<boolean> {
    const purpose: S3Purpose = { action: "remove", path, signal };
    const location = this.#locate(path);
    const isObject = isFile(location.key) && (await this.#head(location, purpose)) !== undefined;
    if (recursive) return this.#removeBelow(location, isObject, purpose);
    if (isObject) {
      await this.#store.send(
        new DeleteObjectCommand({ Bucket: location.bucket, Key: location.key }),
        purpose,
      );
      return true;
    }
    const marker = { bucket: location.bucket, key: prefixOf(location.key) };
    for await (const { keys } of listPages(this.#store, marker, false, purpose)) {
      if (keys.some(isFile)) throw failure("TARGET_NOT_EMPTY", path, "objects are below it");
    }
    return this.#removeBelow(location, false, purpose);
  }

  protected override async _rename(
    from: string,
    to: string,
    exclusive: boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    const [source, target] = [this.#locate(from), this.#locate(to)];
    const purpose: S3Purpose = { action: "move", path: from, signal };
    const isObject = isFile(source.key) && (await this.#head(source, purpose)) !== undefined;
    const keys = isObject ? [source.key] : await this.#keysBelow(source, purpose);
    if (keys.length === 0) throw failure("TARGET_NOT_FOUND", from, "nothing is there");
    const [fromStart, toStart] = [source.key.replace(/\/+$/, ""), target.key.replace(/\/+$/, "")];
    await forEachAtOnce(keys.filter(isFile), MOVES_AT_ONCE, async (key) => {
      const place = { bucket: target.bucket, key: toStart + key.slice(fromStart.length) };
      await this._copy(pathOf({ ...source, key }), pathOf(place), exclusive, signal);
    });
    const removal = new S3Removal(this.#store, source.bucket, purpose);
    await removal.removeAll(keys);
    removal.finish();
  }

  protected override async _copy(
    from: string,
    to: string,
    exclusive: boolean,
    signal?: AbortSignal,
  ): Promise<number> {
    try {
      return await copyObject(this.#store, this.#verbatim(from), this.#verbatim(to), {
        exclusive,
        objects: this.#objects,
        partBytes: this.#partBytes,
        copyPartBytes: this.#copyPartBytes,
        signal,
      });
    } catch (error) {
      throw await this.#unreadable(from, error, signal);
    }
  }

  protected override async _openRead(path: string, start: number, signal?: AbortSignal): Promise<Readable> {
    if (path.endsWith("/")) throw await this.#unreadable(path, undefined, signal);
    try {
      return await S3ReadStream.open(this.#store, this.#verbatim(path), this.#objects, start, signal);
    } catch (error) {
      throw await this.#unreadable(path, error, signal);
    }
  }

  protected override async _openWrite(
    path: string,
    exclusive: boolean,
    signal?: AbortSignal,
  ): Promise<FileWriter> {
    const digests = await this.#store.digestKinds();
    const options = { partBytes: this.#partBytes, exclusive, objects: this.#objects, digests };
    return new S3Writer(this.#store, this.#verbatim(path), options, signal);
  }

  /** Where a path leads in this store. */
  #locate(path: string): S3Location {
    const { bucket, key } = locate(path);
    return { bucket, key: this.capabilities.emptySegments ? key : key.replaceAll(/\/+/g, "/") };
  }

  #verbatim(path: string): string {
    return pathOf(this.#locate(path));
  }

  /** What is told of an object; `undefined` when there is none. */
  async #head({ bucket, key }: S3Location, purpose: S3Purpose): Promise<HeadObjectCommandOutput | undefined> {
    const request = { Bucket: bucket, Key: key, ...this.#objects.key };
    try {
      return await this.#store.send(new HeadObjectCommand(request), purpose);
    } catch (error) {
      if (hasCode(error, "NotFound", "NoSuchKey", "404")) return undefined;
      // The answer to HEAD has no body, so the code of the error is not known: another request has to ask for it.
      if (hasCode(error, "301", "400", "403", "BadRequest", "Forbidden")) {
        const reply = await this.#store.send(
          new GetObjectCommand({ ...request, Range: "bytes=0-0" }),
          purpose,
        );
        (reply.Body as unknown as Readable).destroy();
      }
      throw error;
    }
  }

  async #keysBelow({ bucket, key }: S3Location, purpose: S3Purpose): Promise<string[]> {
    const keys: string[] = [];
    const pages = listPages(this.#store, { bucket, key: prefixOf(key) }, false, purpose);
    for await (const page of pages) keys.push(...page.keys);
    return keys;
  }

  async #removeBelow({ bucket, key }: S3Location, andItself: boolean, purpose: S3Purpose): Promise<boolean> {
    const removal = new S3Removal(this.#store, bucket, purpose);
    let isAny = andItself;
    if (andItself) await removal.removeAll([key]);
    for await (const { keys } of listPages(this.#store, { bucket, key: prefixOf(key) }, false, purpose)) {
      isAny ||= keys.length > 0;
      await removal.removeAll(keys);
    }
    removal.finish();
    return isAny;
  }

  /** Why an object cannot be read: what the store says, unless the path is that of a directory. */
  async #unreadable(path: string, error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (error !== undefined && !hasCode(error, "NoSuchKey", "NotFound", "404")) return error;
    const found = await this._stat(path, signal);
    if (found?.kind === "directory") return failure("TARGET_IS_DIRECTORY", path, "objects are below it");
    return error ?? failure("TARGET_NOT_FOUND", path, "nothing is there");
  }

  async #unlistable(path: string, signal: AbortSignal | undefined): Promise<TargetError> {
    const found = await this._stat(path.replace(/\/+$/, ""), signal);
    if (found === undefined) return failure("TARGET_NOT_FOUND", path, "no object is below it");
    return failure("TARGET_NOT_DIRECTORY", path, "it is an object");
  }
}

/** Keys that end in a slash only mark directories. */
function isFile(key: string): boolean {
  return key !== "" && !key.endsWith("/");
}

function failure(code: TargetErrorCode, path: string, reason: string): TargetError {
  return new TargetError(code, `Cannot use ${path}: ${reason}.`, { details: { path } });
}
