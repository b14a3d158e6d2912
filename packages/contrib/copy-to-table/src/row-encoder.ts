import type { Row } from "./row-source.ts";

/** Size at which bytes go to a database: larger chunks are slower, and so are those under 64 KiB. */
export const CHUNK_BYTES = 128 * 1024;

/**
 * Turns rows into what a database loads: bytes, or whatever else its driver takes. Made for one list of columns and used for one
 * load.
 */
export interface RowEncoder<Chunk = Buffer> {
  /** Whether what waits is enough for a chunk. */
  readonly isFull: boolean;
  /** Bytes, or about as many, that wait to be taken. */
  readonly pendingBytes: number;
  /**
   * Adds one row, which has a value for each column, to what waits.
   *
   * @throws RowError when the row does not fit the columns; nothing of it waits then
   */
  add(row: Row): void;
  /** Takes what waits. It is the caller's: the encoder does not write to it again. */
  take(): Chunk;
  /** Takes what waits, and what ends the data; `undefined` when there is neither. */
  finish(): Chunk | undefined;
}
