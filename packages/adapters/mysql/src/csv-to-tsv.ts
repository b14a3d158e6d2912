import { TargetError, UsageError } from "@leat/core";

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NULL = Buffer.from("\\N");
/** The letter that stands for a byte after a backslash. */
const ESCAPES: ReadonlyMap<number, number> = new Map([
  [TAB, 0x74],
  [LF, 0x6e],
  [CR, 0x72],
  [BACKSLASH, BACKSLASH],
]);

/** Where the next byte stands: at the start of a field, in one without or with quotes, or after a quote inside quotes. */
type Place = "start" | "plain" | "quoted" | "quote";

/**
 * Turns CSV (RFC 4180; an empty field is null, an empty field in quotes is empty text) into tab-separated lines, as `LOAD DATA` does
 * not tell the two apart. The bytes between special ones are copied, not looked into.
 */
export class CsvToTsv {
  readonly #delimiter: number;
  /** 1 for bytes that mean something. */
  readonly #special = new Uint8Array(256);
  #place: Place = "start";
  #isRowOpen = false;
  #hasCarriageReturn = false;
  #line = 1;
  #out = Buffer.alloc(0);
  #length = 0;
  /** Whether a row had several lines, so that numbers of rows are not those of lines. */
  hasLineEnds = false;

  constructor(delimiter: string) {
    const bytes = Buffer.from(delimiter);
    if (bytes.length !== 1 || delimiter === '"' || delimiter === "\n" || delimiter === "\r") {
      throw new UsageError(
        "OPTION_INVALID",
        `The delimiter ${JSON.stringify(delimiter)} of the CSV file is not one ASCII character.`,
      );
    }
    this.#delimiter = bytes[0] as number;
    for (const byte of [this.#delimiter, QUOTE, ...ESCAPES.keys()]) this.#special[byte] = 1;
  }

  /** The converted bytes of a chunk. The caller's: they are not written to again. */
  convert(chunk: Uint8Array): Buffer {
    // The most that a byte becomes is a null and a tab; a carriage return may wait from before.
    this.#out = Buffer.allocUnsafe(chunk.length * 3 + 8);
    this.#length = 0;
    for (let at = 0; at < chunk.length; at++) {
      const end = this.#endOfCommon(chunk, at);
      if (end > at) this.#copy(chunk.subarray(at, end));
      at = end;
      if (at < chunk.length) this.#addSpecial(chunk[at] as number);
    }
    return this.#out.subarray(0, this.#length);
  }

  /** What is left when the file ends without a line end. */
  end(): Buffer {
    if (this.#place === "quoted") throw this.#invalid("has a quote that does not end");
    this.#out = Buffer.allocUnsafe(8);
    this.#length = 0;
    this.#hasCarriageReturn = false;
    if (this.#isRowOpen) this.#endField(LF);
    return this.#out.subarray(0, this.#length);
  }

  #endOfCommon(chunk: Uint8Array, start: number): number {
    let at = start;
    while (at < chunk.length && this.#special[chunk[at] as number] === 0) at++;
    return at;
  }

  #copy(bytes: Uint8Array): void {
    this.#beginContent();
    this.#out.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #addSpecial(byte: number): void {
    if (this.#place === "quoted") this.#addQuoted(byte);
    else if (byte === QUOTE) this.#addQuote();
    else if (byte === this.#delimiter) this.#endField(TAB);
    else if (byte === LF) this.#endLine();
    else if (byte === CR) this.#addCarriageReturn();
    else {
      this.#beginContent();
      this.#addByte(byte);
    }
  }

  #addQuoted(byte: number): void {
    if (byte === LF) {
      this.#line++;
      this.hasLineEnds = true;
    }
    if (byte === QUOTE) this.#place = "quote";
    else this.#addByte(byte);
  }

  #addQuote(): void {
    if (this.#hasCarriageReturn || this.#place === "plain")
      throw this.#invalid("has a quote inside a field without quotes");
    if (this.#place === "quote") this.#addByte(QUOTE);
    this.#place = "quoted";
    this.#isRowOpen = true;
  }

  /** It belongs to the end of a line, or to the field: the next byte tells. */
  #addCarriageReturn(): void {
    if (this.#hasCarriageReturn) this.#beginContent();
    this.#hasCarriageReturn = true;
    this.#isRowOpen = true;
  }

  #endLine(): void {
    this.#hasCarriageReturn = false;
    this.#endField(LF);
    this.#line++;
  }

  #endField(byte: number): void {
    if (this.#hasCarriageReturn) this.#beginContent();
    if (this.#place === "start") {
      this.#out.set(NULL, this.#length);
      this.#length += NULL.length;
    }
    this.#out[this.#length++] = byte;
    this.#place = "start";
    this.#isRowOpen = byte === TAB;
  }

  /** Before bytes of a field that are not special. */
  #beginContent(): void {
    if (this.#place === "quoted") return;
    if (this.#place === "quote") throw this.#invalid("has text after a quote that ends a field");
    this.#place = "plain";
    this.#isRowOpen = true;
    if (!this.#hasCarriageReturn) return;
    this.#hasCarriageReturn = false;
    this.#addByte(CR);
  }

  #addByte(byte: number): void {
    const escaped = ESCAPES.get(byte);
    if (escaped !== undefined) this.#out[this.#length++] = BACKSLASH;
    this.#out[this.#length++] = escaped ?? byte;
  }

  #invalid(problem: string): TargetError {
    return new TargetError(
      "TARGET_INVALID_DATA",
      `Line ${this.#line} of the CSV file ${problem}. Correct the file.`,
      {
        details: { line: this.#line },
      },
    );
  }
}
