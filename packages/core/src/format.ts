import { PassThrough, Transform, type Duplex } from "node:stream";
import { constants, createGunzip, createGzip } from "node:zlib";
import { TargetError, UsageError } from "./errors.ts";

/** How the content of a file is stored: what is done to bytes on their way to and from the store. */
export interface Format {
  /** Formats of one name read what the other wrote: a file is moved and copied between their targets as it is. */
  readonly name: string;
  /** New streams from the user's bytes to stored bytes, in order. */
  encode(): Duplex[];
  /** New streams from stored bytes to the user's bytes, in order. */
  decode(): Duplex[];
}

/** Bytes as they are. */
export const bytes: Format = { name: "bytes", encode: () => [], decode: () => [] };

/** UTF-8 text; reading turns CRLF and CR into LF and drops a byte order mark, writing changes nothing. */
export const text: Format = {
  name: "text",
  encode: () => [],
  decode: () => [withoutByteOrderMark(), universalNewlines()],
};

export interface GzipOptions {
  /** 1 is fastest, 9 is smallest. Default 6. */
  readonly level?: number;
}

/**
 * Compressed by gzip. Reading rejects with `TARGET_INVALID_DATA` when the data is damaged or cut off.
 *
 * @throws UsageError `FORMAT_INVALID` for a level that there is not
 */
export function gzip(options: GzipOptions = {}): Format {
  const level = options.level ?? constants.Z_DEFAULT_COMPRESSION;
  if (options.level !== undefined && (!Number.isInteger(level) || level < 1 || level > 9)) {
    throw new UsageError("FORMAT_INVALID", `The gzip level ${level} is not one of 1 to 9.`);
  }
  return { name: "gzip", encode: () => [createGzip({ level })], decode: () => [createGunzip()] };
}

/** Formats one after another, the user's side first: `compose(text, gzip())` is text that is stored compressed. */
export function compose(...formats: readonly Format[]): Format {
  return {
    name: formats.map((format) => format.name).join(" > "),
    encode: () => formats.flatMap((format) => format.encode()),
    decode: () => formats.toReversed().flatMap((format) => format.decode()),
  };
}

/** The last of the streams that decode a file: an error on the way says which file could not be read. */
export class DecodedStream extends PassThrough {
  readonly #path: string;

  constructor(path: string) {
    super();
    this.#path = path;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    super._destroy(error && (decodingError(error, this.#path) as Error), done);
  }
}

/** Errors of a decoder as ours: they say that the stored data is bad, not that the store is. Others stay as they are. */
export function decodingError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (!code.startsWith("Z_") && code !== "ERR_ENCODING_INVALID_ENCODED_DATA") return error;
  const message = `The content of ${path} is damaged or not in the declared format: ${(error as Error).message}.`;
  return new TargetError("TARGET_INVALID_DATA", message, { cause: error, details: { path } });
}

const BYTE_ORDER_MARK = Buffer.from("\uFEFF");

function withoutByteOrderMark(): Transform {
  let start: Buffer | undefined = Buffer.alloc(0);
  const rest = (all: Buffer): Buffer =>
    all.subarray(0, 3).equals(BYTE_ORDER_MARK) ? all.subarray(BYTE_ORDER_MARK.length) : all;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (start === undefined) return done(null, chunk);
      start = Buffer.concat([start, chunk]);
      if (start.length < BYTE_ORDER_MARK.length) return done();
      const content = rest(start);
      start = undefined;
      return done(null, content);
    },
    flush(done) {
      done(null, start);
    },
  });
}

const [LF, CR] = [0x0a, 0x0d];

/** Works on bytes: in UTF-8 those of LF and CR stand for nothing else. */
function universalNewlines(): Transform {
  let afterCarriageReturn = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const content = afterCarriageReturn && chunk[0] === LF ? chunk.subarray(1) : chunk;
      if (chunk.length > 0) afterCarriageReturn = chunk.at(-1) === CR;
      done(null, content.includes(CR) ? toLineFeeds(content) : content);
    },
  });
}

function toLineFeeds(content: Buffer): Buffer {
  const converted = Buffer.allocUnsafe(content.length);
  let length = 0;
  for (let at = 0; at < content.length; at++) {
    const isReturn = content[at] === CR;
    converted[length++] = isReturn ? LF : (content[at] as number);
    if (isReturn && content[at + 1] === LF) at++;
  }
  return converted.subarray(0, length);
}
