import { PassThrough, Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CommitStream } from "./commit-stream.ts";
import { TargetError } from "./errors.ts";
import type { FileSystem, OperationOptions, ReadOptions, WriteOptions } from "./file-system.ts";
import { bytes, decodingError, type Format } from "./format.ts";
import { splitLines } from "./lines.ts";
import { Target } from "./target.ts";

/** What `writeFrom` takes: bytes or UTF-8 text, in pieces of any size. */
export type FileSource = Readable | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

export interface FileTargetOptions {
  /** How the content is stored. Default `bytes`. */
  readonly format?: Format;
}

/**
 * A file in any store. Writing is all or nothing: the file appears whole under its path, replacing what was there, or not
 * at all. Content passes through the target's format; text is UTF-8.
 */
export abstract class FileTarget extends Target {
  readonly path: string;
  readonly format: Format;
  abstract readonly fileSystem: FileSystem;

  constructor(path: string, options: FileTargetOptions = {}) {
    super();
    this.path = path;
    this.format = options.format ?? bytes;
  }

  override exists(options?: OperationOptions): Promise<boolean> {
    return this.fileSystem.exists(this.path, options);
  }

  /** Bytes as stored. `TARGET_NOT_FOUND` */
  async size(options?: OperationOptions): Promise<number> {
    const stat = await this.fileSystem.stat(this.path, options);
    if (stat === undefined) throw new TargetError("TARGET_NOT_FOUND", `There is no file at ${this}.`);
    return stat.size;
  }

  /**
   * The content as a stream; resolves when the file is open. `TARGET_NOT_FOUND`; `TARGET_INVALID_DATA` while reading. With
   * `start`, counted in stored bytes, only formats that keep bytes as they are make sense.
   */
  async createReadStream(options?: ReadOptions): Promise<Readable> {
    const stored = await this.fileSystem.openRead(this.path, options);
    const decoders = this.format.decode();
    if (decoders.length === 0) return stored;
    const content = new PassThrough();
    // `pipeline` destroys every stream with the error of the first that fails, also when the reader stops early.
    pipeline([stored, ...decoders, content]).catch((error: unknown) => {
      content.destroy(decodingError(error, this.toString()) as Error);
    });
    return content;
  }

  /** The whole content. */
  async readBytes(options?: OperationOptions): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of await this.createReadStream(options)) chunks.push(chunk as Uint8Array);
    } catch (error) {
      throw decodingError(error, this.toString());
    }
    return Buffer.concat(chunks);
  }

  /** The whole content as text. `TARGET_INVALID_DATA` when it is not UTF-8. */
  async readText(options?: OperationOptions): Promise<string> {
    const content = await this.readBytes(options);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    } catch (error) {
      throw decodingError(error, this.toString());
    }
  }

  /** The whole content as JSON. `TARGET_INVALID_DATA` when it is not JSON. */
  async readJson(options?: OperationOptions): Promise<unknown> {
    const content = await this.readText(options);
    try {
      return JSON.parse(content);
    } catch (cause) {
      throw new TargetError(
        "TARGET_INVALID_DATA",
        `The content of ${this} is not JSON: ${(cause as Error).message}.`,
        {
          cause,
          details: { path: this.path },
        },
      );
    }
  }

  /** The lines without their ends (LF or CRLF), read as they are asked for. A last line needs no end. */
  async *readLines(options?: OperationOptions): AsyncGenerator<string, void, undefined> {
    for await (const lines of splitLines(await this.createReadStream(options))) yield* lines;
  }

  /** A stream to the file: it appears when the stream finishes, and never does when the stream is destroyed before. */
  createWriteStream(options?: WriteOptions): Writable {
    return new CommitStream(() => this.fileSystem.openWrite(this.path, options), this.format.encode());
  }

  /** Writes all that a source gives. When the source fails, nothing is written and its error is thrown. */
  async writeFrom(source: FileSource, options?: WriteOptions): Promise<void> {
    const chunks = source instanceof Readable ? source : Readable.from(source, { objectMode: false });
    await pipeline(
      chunks,
      this.createWriteStream(options),
      ...(options?.signal ? [{ signal: options.signal }] : []),
    );
  }

  async writeBytes(content: Uint8Array, options?: WriteOptions): Promise<void> {
    await this.writeFrom([content], options);
  }

  async writeText(content: string, options?: WriteOptions): Promise<void> {
    await this.writeBytes(Buffer.from(content), options);
  }

  /** Writes a value as indented JSON with a line end. */
  async writeJson(value: unknown, options?: WriteOptions): Promise<void> {
    await this.writeText(`${JSON.stringify(value, null, 2)}\n`, options);
  }

  /** Writes lines, putting LF after each. */
  async writeLines(lines: Iterable<string> | AsyncIterable<string>, options?: WriteOptions): Promise<void> {
    await this.writeFrom(joinLines(lines), options);
  }

  /**
   * Lets `make` create a file or a directory at a temporary path and then moves it to this path. When `make` throws, the
   * temporary path is removed. `TARGET_EXISTS` when this path is taken by then.
   */
  async withTemporaryPath<T>(make: (path: string) => Promise<T>, options?: OperationOptions): Promise<T> {
    const temporary = this.fileSystem.temporaryPath(this.path);
    try {
      const result = await make(temporary);
      await this.fileSystem.rename(temporary, this.path, { ...options, exclusive: true });
      return result;
    } catch (error) {
      await this.fileSystem.remove(temporary, { recursive: true });
      throw error;
    }
  }

  /** Removes the file, or with `recursive` a directory. Tells whether something was there. */
  remove(options?: OperationOptions & { readonly recursive?: boolean }): Promise<boolean> {
    return this.fileSystem.remove(this.path, options);
  }

  /** Moves the file to a target of the same store in one step, to any other by copying. */
  async moveTo(other: FileTarget, options?: WriteOptions): Promise<void> {
    if (this.#sharesStore(other)) return this.fileSystem.rename(this.path, other.path, options);
    await this.copyTo(other, options);
    await this.remove();
  }

  /** Copies the content: within the store where both are in one, else through this process. */
  async copyTo(other: FileTarget, options?: WriteOptions): Promise<void> {
    if (this.#sharesStore(other)) return this.fileSystem.copy(this.path, other.path, options);
    await other.writeFrom(await this.createReadStream(options), options);
  }

  override toString(): string {
    return this.path;
  }

  #sharesStore(other: FileTarget): boolean {
    return this.fileSystem === other.fileSystem && this.format === other.format;
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
