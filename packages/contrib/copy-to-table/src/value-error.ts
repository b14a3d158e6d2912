/** A value does not fit its column. Encoders throw it; the row feed adds the row and the column. */
export class ValueError extends Error {
  override readonly name = "ValueError";

  /** @param expects what the column takes, to end a sentence with: `a whole number` */
  constructor(value: unknown, expects: string) {
    super(`${describeValue(value)} does not fit. Give ${expects}.`);
  }
}

/** A row that could not be encoded. `column` is the position of the value, or -1 when it is about the whole row. */
export class RowError extends Error {
  override readonly name = "RowError";
  readonly column: number;

  constructor(column: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.column = column;
  }
}

const SHOWN_CHARACTERS = 80;

function describeValue(value: unknown): string {
  if (typeof value === "string") return `the text ${JSON.stringify(shorten(value))}`;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") {
    return `the ${typeof value} ${value}`;
  }
  if (typeof value === "object") return `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
  return typeof value;
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
