/** A row of a file as text. */
export type TextRow = (string | null)[];

/** What a letter after a backslash stands for; any other character stands for itself. As `LOAD DATA` reads it. */
const ESCAPES: Readonly<Record<string, string>> = {
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\u001a",
};

/** Splits tab-separated lines, or those with another delimiter, into rows as `LOAD DATA` does. */
export class TsvRows {
  readonly #delimiter: string;
  readonly #lineEnd: string;
  #rows: TextRow[] = [];
  #row: TextRow = [];
  #field = "";
  #isNull = false;
  #isEscape = false;
  #hasContent = false;
  #hasCarriageReturn = false;

  constructor(delimiter: string, lineEnd: string) {
    this.#delimiter = delimiter;
    this.#lineEnd = lineEnd;
  }

  /** The rows that end in this piece of the text. */
  split(text: string): readonly TextRow[] {
    for (const character of text) this.#add(character);
    return this.#take();
  }

  /** The last row, when it ends without a line end. */
  end(): readonly TextRow[] {
    this.#addCarriageReturn();
    if (this.#hasContent) this.#endRow();
    return this.#take();
  }

  #take(): readonly TextRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #add(character: string): void {
    const isLineEnd = character === "\n" && (this.#lineEnd === "\n" || this.#hasCarriageReturn);
    if (this.#isEscape) return this.#addEscaped(character);
    if (isLineEnd) return this.#endRow();
    this.#addCarriageReturn();
    this.#hasContent = true;
    if (character === "\\") this.#isEscape = true;
    else if (character === this.#delimiter) this.#endField();
    else if (character === "\r" && this.#lineEnd === "\r\n") this.#hasCarriageReturn = true;
    else this.#addText(character);
  }

  /** It belongs to the end of a line, or to the field: the character after it tells. */
  #addCarriageReturn(): void {
    if (this.#hasCarriageReturn) this.#addText("\r");
    this.#hasCarriageReturn = false;
  }

  #addEscaped(character: string): void {
    this.#isEscape = false;
    const isNull = character === "N" && this.#field === "" && !this.#isNull;
    this.#addText(ESCAPES[character] ?? character);
    this.#isNull = isNull;
  }

  #addText(text: string): void {
    this.#field += text;
    this.#isNull = false;
  }

  #endField(): void {
    this.#row.push(this.#isNull ? null : this.#field);
    this.#field = "";
    this.#isNull = false;
  }

  #endRow(): void {
    this.#endField();
    this.#rows.push(this.#row);
    this.#row = [];
    this.#hasContent = false;
    this.#hasCarriageReturn = false;
  }
}
