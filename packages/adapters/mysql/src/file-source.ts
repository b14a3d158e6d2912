import type { FileFeed } from "@leat/copy-to-table";
import { CsvToTsv } from "./csv-to-tsv.ts";

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
    const at = value.indexOf(0x0a);
    if (at < 0) continue;
    if ((at > 0 ? value[at - 1] : before?.at(-1)) === 0x0d) lineEnd = "\r\n";
    break;
  }
  return { bytes: joined(first, chunks), delimiter, lineEnd, hasLineNumbers: () => true };
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* first;
  yield* rest;
}
