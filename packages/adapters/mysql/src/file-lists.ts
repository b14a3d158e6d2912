import { CHUNK_BYTES, type FileFeed } from "@leat/copy-to-table";
import type { FileSource } from "./file-source.ts";
import { quoteLiteral } from "./load-statements.ts";
import type { ValuesList } from "./row-encoders.ts";
import { type TextRow, TsvRows } from "./tsv-rows.ts";

/** The rows of a file as lists of values for INSERT. `TARGET_INVALID_DATA` for a line with too few or too many fields. */
export async function* fileLists(
  { bytes, delimiter, lineEnd }: FileSource,
  columns: number,
  feed: FileFeed,
): AsyncGenerator<ValuesList, void, undefined> {
  let values: string[] = [];
  let size = 0;
  let line = 0;
  for await (const row of textRows(bytes, new TsvRows(delimiter, lineEnd))) {
    if (++line === 1 && feed.file.header) continue;
    if (row.length !== columns) throw wrongFields(feed, line, row.length, columns);
    const list = `(${row.map(toLiteral).join(",")})`;
    values.push(list);
    size += list.length;
    if (size < CHUNK_BYTES) continue;
    yield { text: values.join(","), rows: values.length };
    values = [];
    size = 0;
  }
  if (values.length > 0) yield { text: values.join(","), rows: values.length };
}

async function* textRows(
  bytes: AsyncIterable<Uint8Array>,
  lines: TsvRows,
): AsyncGenerator<TextRow, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) yield* lines.split(decoder.decode(chunk, { stream: true }));
  yield* lines.split(decoder.decode());
  yield* lines.end();
}

function toLiteral(value: string | null): string {
  return value === null ? "null" : quoteLiteral(value);
}

function wrongFields(feed: FileFeed, line: number, fields: number, columns: number): unknown {
  return feed.serverError(
    line,
    undefined,
    `It has ${fields} fields for ${columns} columns. Correct the file.`,
    undefined,
  );
}
