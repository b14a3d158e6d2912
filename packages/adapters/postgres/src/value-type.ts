import type { ByteWriter } from "@leat/copy-to-table";

/** How values of one type of PostgreSQL are written. */
export interface ValueType {
  /**
   * Writes the size of the value in bytes and then the value, in the binary format of the type.
   *
   * @throws ValueError when the type does not take the value
   */
  readonly write: (out: ByteWriter, value: unknown) => void;
  /** The text of a value that `write` takes, as the server reads it. Default: `plainText`. */
  readonly text?: (value: unknown) => string;
}
