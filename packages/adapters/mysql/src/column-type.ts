/** A type as MySQL shows it: `decimal(10,2) unsigned`, read. */
export interface ColumnType {
  /** In lower case, such as `bigint`, `varchar`, `datetime`. */
  readonly name: string;
  /** What stands between parentheses: length, precision or digits, and scale. */
  readonly numbers: readonly number[];
  readonly unsigned: boolean;
  /** Whether text is counted and stored in a form of Unicode. */
  readonly isUnicode: boolean;
}

const TYPE = /^([a-z0-9_]+)(?:\((\d+)(?:,(\d+))?\))?/i;

/** Reads a type and a collation of `SHOW FULL COLUMNS`. */
export function parseColumnType(type: string, collation: string | null): ColumnType {
  const [, name = "", ...numbers] = TYPE.exec(type) ?? [];
  return {
    name: name.toLowerCase(),
    numbers: numbers.filter((number) => number !== undefined).map(Number),
    unsigned: /\bunsigned\b/i.test(type),
    isUnicode: collation?.startsWith("utf8") ?? false,
  };
}
