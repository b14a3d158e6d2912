import { StringDecoder } from "node:string_decoder";
import { Transform, type Duplex } from "node:stream";
import { constants, createGunzip, createGzip } from "node:zlib";
import { TargetError, UsageError } from "./errors.ts";

/** How the content of a file is stored: what is done to bytes on their way to and from the store. */
export interface Format {
  readonly name: string;
  /** Streams from the user's bytes to stored bytes, in order. */
  encode(): Duplex[];
  /** Streams from stored bytes to the user's bytes, in order. */
  decode(): Duplex[];
}

/** Bytes as they are. */
export const bytes: Format = { name: "bytes", encode: () => [], decode: () => [] };

/** UTF-8 text; reading turns CRLF and CR into LF and drops a byte order mark, writing changes nothing. */
export const text: Format = { name: "text", encode: () => [], decode: () => [universalNewlines()] };

export interface GzipOptions {
  /** 1 is fastest, 9 is smallest. Default 6. */
  readonly level?: number;
}

/** Compressed by gzip. Reading rejects with `TARGET_INVALID_DATA` when the data is damaged or cut off. */
export function gzip(options: GzipOptions = {}): Format {
  const level = options.level ?? constants.Z_DEFAULT_COMPRESSION;
  if (!Number.isInteger(level) || level < -1 || level > 9) {
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

/** Errors of a decoder as ours: they say that the stored data is bad, not that the store is. */
export function decodingError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (!code.startsWith("Z_") && code !== "ERR_ENCODING_INVALID_ENCODED_DATA") return error;
  const message = `The content of ${path} is damaged or not in the declared format: ${(error as Error).message}.`;
  return new TargetError("TARGET_INVALID_DATA", message, { cause: error, details: { path } });
}

function universalNewlines(): Transform {
  const decoder = new StringDecoder("utf8");
  let atStart = true;
  let held = "";
  const convert = (chunk: string, isLast: boolean): string => {
    let content = held + chunk;
    if (atStart && content !== "") {
      if (content.startsWith("\uFEFF")) content = content.slice(1);
      atStart = false;
    }
    // A CR at the end of a chunk may be the first half of a CRLF.
    held = !isLast && content.endsWith("\r") ? "\r" : "";
    return content.slice(0, content.length - held.length).replaceAll(/\r\n?/g, "\n");
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(convert(decoder.write(chunk), false)));
    },
    flush(done) {
      done(null, Buffer.from(convert(decoder.end(), true)));
    },
  });
}
