import type { FileFeed } from "@leat/copy-to-table";
import { TargetError } from "@leat/core";
import { CsvToTsv } from "./csv-to-tsv.ts";

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;

/** A file as `LOAD DATA` can read it. */
export interface FileSource {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly delimiter: string;
  readonly lineEnd: string;
  /** Whether numbers of rows are those of lines. Asked for when all is read. */
  readonly hasLineNumbers: () => boolean;
}

export async function openFile(feed: FileFeed): Promise<FileSource> {
  const { format, delimiter } = feed.file;
  if (format === "tsv") return openTsv(feed.bytes(), delimiter);
  const converter = new CsvToTsv(delimiter);
  return {
    bytes: convert(feed.bytes(), converter),
    delimiter: "\t",
    lineEnd: "\n",
    hasLineNumbers: () => !converter.hasLineEnds,
  };
}

async function* convert(
  chunks: AsyncIterable<Uint8Array>,
  converter: CsvToTsv,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield converter.convert(chunk);
  yield converter.end();
}

/** The statement has to say how lines end, so the first one is read before it. */
async function openTsv(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  delimiter: string,
): Promise<FileSource> {
  const first: Uint8Array[] = [];
  let lineEnd = "\n";
  for (;;) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    const before = first.at(-1);
    first.push(value);
    const at = value.indexOf(LF);
    if (at < 0) continue;
    if ((at > 0 ? value[at - 1] : before?.at(-1)) === CR) lineEnd = "\r\n";
    break;
  }
  const bytes = withSameEnds(joined(first, chunks), lineEnd);
  return { bytes, delimiter, lineEnd, hasLineNumbers: () => true };
}

/**
 * `LOAD DATA` knows one end of lines. Of a file with two it would take the carriage return for a part of the last value, or
 * two lines for one.
 */
async function* withSameEnds(
  chunks: AsyncIterable<Uint8Array>,
  lineEnd: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hasOtherEnd = lineEnd === "\n" ? hasCarriageReturnEnd : hasBareEnd;
  let last = 0;
  for await (const chunk of chunks) {
    if (hasOtherEnd(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), last)) throw twoEnds();
    last = chunk.at(-1) ?? last;
    yield chunk;
  }
}

/** @param before the byte before the first one */
function hasCarriageReturnEnd(bytes: Buffer, before: number): boolean {
  return bytes.includes("\r\n") || (before === CR && bytes[0] === LF);
}

/** A line feed after a backslash is part of a value. */
function hasBareEnd(bytes: Buffer, before: number): boolean {
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const byte = at === 0 ? before : bytes[at - 1];
    if (byte !== CR && byte !== BACKSLASH) return true;
  }
  return false;
}

function twoEnds(): TargetError {
  return new TargetError(
    "TARGET_INVALID_DATA",
    "Some lines of the file end in CR LF and some in LF. Give all of them one end, and write a carriage return in a value as `\\r`.",
  );
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* first;
  yield* rest;
}
