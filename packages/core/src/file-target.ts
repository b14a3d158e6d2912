import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { destroyOnAbort } from "./abort.ts";
import { writeAll } from "./commit-stream.ts";
import { TargetError, UsageError } from "./errors.ts";
import { contentStream, copyFile, isWithinStore, writeWhole } from "./file-copy.ts";
import type {
  FileSystem,
  OperationOptions,
  ReadOptions,
  RemoveOptions,
  WriteOptions,
} from "./file-system.ts";
import { transferFor, type TransferListener } from "./file-transfer.ts";
import { checkMaxAge, staleness } from "./file-age.ts";
import { bytes, DecodedStream, decodingError, type Format } from "./format.ts";
import { splitLines } from "./lines.ts";
import { Target } from "./target.ts";
import { warnOfWildcards } from "./wildcards.ts";

/** What `writeFrom` takes: bytes or UTF-8 text, in pieces of any size. */
export type FileSource = Readable | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export interface TransferOptions extends WriteOptions {
  /** Hears how far it is: at its begin, after each piece, and at its end. */
  readonly onProgress?: TransferListener;
}

export interface FileTargetOptions {
  /** How the content is stored. Default `bytes`. */
  readonly format?: Format;
  /** Age, in seconds since the last write, from which the file counts as absent. Default: it never does. */
  readonly maxAgeSeconds?: number;
}

/**
 * A file in any store. Writing is all or nothing: the file appears whole under its path, replacing what was there, or not
 * at all. Content passes through the target's format; text is UTF-8. Every operation takes a signal and, when that is
 * aborted, rejects with its reason. The codes of the store's errors stand at the methods of FileSystem.
 */
export abstract class FileTarget extends Target {
  readonly path: string;
  readonly format: Format;
  /** Age from which the file counts as absent; `undefined` means never. */
  readonly maxAgeSeconds: number | undefined;
  abstract readonly fileSystem: FileSystem;

  constructor(path: string, options: FileTargetOptions = {}) {
    super();
    this.path = path;
    this.format = options.format ?? bytes;
    this.maxAgeSeconds = checkMaxAge(options.maxAgeSeconds, path);
  }

  /** Whether it is there, and not older than its `maxAgeSeconds`. */
  override async exists(options?: OperationOptions): Promise<boolean> {
    warnOfWildcards(this.path);
    if (this.maxAgeSeconds === undefined) return this.fileSystem.exists(this.path, options);
    const stat = await this.fileSystem.stat(this.path, options);
    return stat !== undefined && staleness(stat, this.path, this.maxAgeSeconds) === undefined;
  }

  /** `is 3 hours old, …` for a file that is there and too old. */
  override async absence(options?: OperationOptions): Promise<string | undefined> {
    if (this.maxAgeSeconds === undefined) return undefined;
    const stat = await this.fileSystem.stat(this.path, options);
    return stat === undefined ? undefined : staleness(stat, this.path, this.maxAgeSeconds);
  }

  /** Bytes as stored. `TARGET_NOT_FOUND`, `TARGET_IS_DIRECTORY` */
  async size(options?: OperationOptions): Promise<number> {
    const stat = await this.fileSystem.stat(this.path, options);
    if (stat?.kind === "file") return stat.size;
    const details = { path: this.path };
    if (stat === undefined)
      throw new TargetError("TARGET_NOT_FOUND", `There is no file at ${this}.`, { details });
    throw new TargetError("TARGET_IS_DIRECTORY", `${this} is a directory: it has no size.`, { details });
  }

  /**
   * The content as a stream; resolves when the file is open. `TARGET_NOT_FOUND`; `TARGET_INVALID_DATA` while reading. With
   * `start`, counted in stored bytes, only formats that keep bytes as they are make sense.
   */
  async createReadStream(options?: ReadOptions): Promise<Readable> {
    const stored = await this.fileSystem.openRead(this.path, options);
    const decoders = this.format.decode();
    if (decoders.length === 0) return stored;
    const content = new DecodedStream(this.path);
    // `pipeline` ends all of them with the first error, also when the reader stops early: `content` has told of it then.
    pipeline([stored, ...decoders, content]).catch(() => undefined);
    return destroyOnAbort(content, options?.signal);
  }

  /** The whole content. */
  async readBytes(options?: OperationOptions): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.createReadStream(options)) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }

  /** The whole content as text. `TARGET_INVALID_DATA` when it is not UTF-8. */
  async readText(options?: OperationOptions): Promise<string> {
    const content = await this.readBytes(options);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    } catch (error) {
      throw decodingError(error, this.path);
    }
  }

  /** The whole content as JSON. `TARGET_INVALID_DATA` when it is not JSON. */
  async readJson(options?: OperationOptions): Promise<unknown> {
    const content = await this.readText(options);
    try {
      return JSON.parse(content);
    } catch (cause) {
      const message = `The content of ${this} is not JSON: ${(cause as Error).message}.`;
      throw new TargetError("TARGET_INVALID_DATA", message, { cause, details: { path: this.path } });
    }
  }

  /**
   * The lines without their ends (LF or CRLF), read as they are asked for. A last line needs no end. `TARGET_INVALID_DATA`
   * when they are not UTF-8.
   */
  async *readLines(options?: OperationOptions): AsyncGenerator<string, void, undefined> {
    const content = await this.createReadStream(options);
    try {
      for await (const lines of splitLines(content)) yield* lines;
    } catch (error) {
      throw decodingError(error, this.path);
    }
  }

  /**
   * A stream to the file: it appears when the stream finishes, and never does when the stream is destroyed before. Once the
   * stream has closed, nothing is left of a file that did not appear.
   */
  createWriteStream(options?: TransferOptions): Writable {
    const route = { to: `${this}`, totalBytes: undefined };
    return contentStream(this, options, transferFor(route, options?.onProgress));
  }

  /** Writes all that a source gives. When the source fails, nothing is written and its error is thrown. */
  async writeFrom(source: FileSource, options?: TransferOptions): Promise<void> {
    const chunks = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
    await writeAll(chunks, this.createWriteStream(options));
  }

  async writeBytes(content: Uint8Array, options?: WriteOptions): Promise<void> {
    // A stream is what a signal can end at any moment, whatever the store is waiting for.
    const isPlain = options?.signal === undefined && this.format.encode().length === 0;
    if (isPlain && content instanceof Uint8Array) await writeWhole(this, content, options);
    else await this.writeFrom([content], options);
  }

  async writeText(content: string, options?: WriteOptions): Promise<void> {
    await this.writeBytes(Buffer.from(content), options);
  }

  /** Writes a value as indented JSON with a line end. `FORMAT_INVALID` for a value that JSON does not have. */
  async writeJson(value: unknown, options?: WriteOptions): Promise<void> {
    const content = JSON.stringify(value, null, 2) as string | undefined;
    if (content === undefined) {
      const message = `${this} cannot be written: JSON has no ${typeof value}. Give an object, a list, a string, a number, a boolean or null.`;
      throw new UsageError("FORMAT_INVALID", message);
    }
    await this.writeText(`${content}\n`, options);
  }

  /** Writes lines, putting LF after each. */
  async writeLines(lines: Iterable<string> | AsyncIterable<string>, options?: WriteOptions): Promise<void> {
    await this.writeFrom(joinLines(lines), options);
  }

  /**
   * Lets `make` create a file or a directory at a temporary path, whose parent exists, and then moves it to this path. When
   * `make` throws, what it left there is removed. `TARGET_EXISTS` when this path is taken by then; in a store without
   * `createOnly` what comes there at the same moment can be replaced.
   */
  async withTemporaryPath<T>(make: (path: string) => Promise<T>, options?: OperationOptions): Promise<T> {
    const temporary = this.fileSystem.temporaryPath(this.path);
    const parent = this.fileSystem.parentOf(this.path);
    if (parent !== undefined) await this.fileSystem.mkdir(parent, options);
    try {
      const result = await make(temporary);
      await this.#publish(temporary, options);
      return result;
    } catch (error) {
      // Without the signal: it may be the reason why we are here.
      await this.fileSystem.remove(temporary, { recursive: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Removes the file, or with `recursive` a directory. Tells whether something was there. */
  override remove(options?: RemoveOptions): Promise<boolean> {
    return this.fileSystem.remove(this.path, options);
  }

  /** Moves the file: within the store where both are in one, else by copying and then removing it here. */
  async moveTo(other: FileTarget, options?: TransferOptions): Promise<void> {
    if (isWithinStore(this, other)) return other.fileSystem.rename(this.path, other.path, options);
    await this.copyTo(other, options);
    if (!this.#isSameFile(other)) await this.remove();
  }

  /**
   * Copies the file: within the store where both are in one, else through this process, as fast as the slower of the two stores
   * and with little memory. Stored bytes stay as they are when both targets have the same format.
   */
  async copyTo(other: FileTarget, options?: TransferOptions): Promise<void> {
    await copyFile(this, other, options);
  }

  override toString(): string {
    return this.path;
  }

  async #publish(temporary: string, options: OperationOptions | undefined): Promise<void> {
    // What is too old is replaced.
    const exclusive = this.fileSystem.capabilities.createOnly && this.maxAgeSeconds === undefined;
    if (!exclusive && (await this.exists(options))) {
      const message = `There is something at ${this} already. Remove it first.`;
      throw new TargetError("TARGET_EXISTS", message, { details: { path: this.path } });
    }
    await this.fileSystem.rename(temporary, this.path, { ...options, exclusive });
  }

  #isSameFile(other: FileTarget): boolean {
    return (
      this.fileSystem.sharesFilesWith(other.fileSystem) && this.fileSystem.isSamePath(this.path, other.path)
    );
  }
}

const LINES_BYTES = 64 * 1024;

/** Joins lines into pieces worth writing: a write for each line would cost more than the line. */
async function* joinLines(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const line of lines) {
    piece += `${line}\n`;
    if (piece.length >= LINES_BYTES) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}
