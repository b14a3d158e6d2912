import { Target, TargetError, UsageError } from "@leat/core";
import type { LoadProgress } from "./load-progress.ts";
import { invalidRow } from "./row-errors.ts";
import type { FileBytes, RowFile } from "./row-file.ts";

const BYTE_ORDER_MARK = Buffer.from("\u{FEFF}");
const END_OF_DATA = Buffer.from("\\.");

export interface FileFeedOptions {
  /** The table as the task names it, for messages. */
  readonly table: string;
  readonly progress: LoadProgress;
}

/** A file of one load on its way to the database, which reads it. Read once. */
export class FileFeed {
  /** How the database has to read it. */
  readonly file: Pick<RowFile, "format" | "header" | "delimiter">;
  readonly #source: FileBytes;
  readonly #options: FileFeedOptions;

  constructor(file: RowFile, options: FileFeedOptions) {
    this.file = file;
    this.#source = file.source;
    this.#options = options;
  }

  /**
   * The bytes without a byte order mark, which would become part of the first value. `TARGET_INVALID_DATA` for a line of `\.`
   * alone: PostgreSQL before version 18 takes it for the end of the data and drops what follows, in silence.
   */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    let isFirst = true;
    // Of what was read: enough to see such a line across the edge of two chunks.
    let tail: Buffer = Buffer.from("\n");
    for await (const chunk of await openBytes(this.#source)) {
      refuseText(chunk);
      const bytes = isFirst ? withoutMark(chunk) : chunk;
      isFirst = false;
      tail = refuseEndOfData(Buffer.concat([tail, bytes]));
      yield bytes;
      this.#options.progress.add({ bytes: bytes.length });
    }
    refuseEndOfData(Buffer.concat([tail, Buffer.from("\n")]));
  }

  /** The error for what the server says of the n-th line, from 1 and with the header. */
  serverError(
    line: number | undefined,
    column: string | undefined,
    reason: string,
    cause: unknown,
  ): TargetError {
    return invalidRow({ table: this.#options.table, line, column }, reason, cause);
  }
}

async function openBytes(source: FileBytes): Promise<AsyncIterable<Uint8Array>> {
  return Target.isTarget(source) ? source.createReadStream() : source;
}

/** A stream that was opened with an encoding gives text, and the compiler does not see it. */
function refuseText(chunk: unknown): void {
  if (chunk instanceof Uint8Array) return;
  throw new UsageError(
    "OPTION_INVALID",
    `The source of the file gives ${typeof chunk}, not bytes. Open it without an encoding.`,
  );
}

function withoutMark(chunk: Uint8Array): Uint8Array {
  const start = chunk.subarray(0, BYTE_ORDER_MARK.length);
  return BYTE_ORDER_MARK.equals(start) ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
}

/** Looks for the line in bytes, the first of which was looked at before, and gives their last three. */
function refuseEndOfData(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf(END_OF_DATA, 1); at >= 0; at = bytes.indexOf(END_OF_DATA, at + 2)) {
    if (!isLineEnd(bytes[at - 1]) || !isLineEnd(bytes[at + 2])) continue;
    throw new TargetError(
      "TARGET_INVALID_DATA",
      "A line of the file is `\\.`, at which databases stop reading. Take the line out, or give the rows one by one.",
    );
  }
  return bytes.subarray(-3);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}
