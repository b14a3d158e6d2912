import type { FileTarget } from "@leat/core";

/** Bytes of a file: a target, which is read through its format, or a stream or another source of bytes. */
export type FileBytes = FileTarget | AsyncIterable<Uint8Array>;

export interface RowFileOptions {
  /** Whether the first line names the columns; it is skipped, not read. Default false. */
  readonly header?: boolean;
  /** The character between fields. Default `,` for CSV and TAB for TSV. */
  readonly delimiter?: string;
}

/** A file whose bytes go to the database as they are; made by `csvFile` and `tsvFile`. */
export class RowFile {
  readonly format: "csv" | "tsv";
  readonly source: FileBytes;
  readonly header: boolean;
  readonly delimiter: string;

  constructor(format: "csv" | "tsv", source: FileBytes, options: RowFileOptions) {
    this.format = format;
    this.source = source;
    this.header = options.header ?? false;
    this.delimiter = options.delimiter ?? (format === "csv" ? "," : "\t");
  }
}

/**
 * CSV in UTF-8 as RFC 4180 has it: fields may stand in double quotes, and a double quote inside is written twice. An empty
 * field is null, an empty field in quotes is empty text. The database reads it: nothing is checked or converted here.
 */
export function csvFile(source: FileBytes, options: RowFileOptions = {}): RowFile {
  return new RowFile("csv", source, options);
}

/**
 * Tab-separated lines in UTF-8 with backslash escapes: `\N` is null, `\t`, `\n` and `\\` stand for the characters. As
 * PostgreSQL's `COPY` and MySQL's `SELECT … INTO OUTFILE` write it.
 */
export function tsvFile(source: FileBytes, options: RowFileOptions = {}): RowFile {
  return new RowFile("tsv", source, options);
}
