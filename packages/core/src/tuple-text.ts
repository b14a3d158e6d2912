import type { Json } from "./json-text.ts";

const NAMES: Readonly<Record<string, Json>> = { True: true, False: false, None: null };
const NUMBER = /[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?/iy;
const NAME = /[A-Za-z]+/y;
const BLANKS = /\s*/y;
const PLAIN_ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/**
 * Reads a tuple as Python writes it, `((1, 'a'), (2.5, None))`, with parentheses or brackets. Its elements are tuples, strings,
 * numbers, `True`, `False` and `None`. Throws for anything else.
 */
export function parseTupleText(text: string): readonly Json[] {
  const reader = new TupleReader(text);
  const value = reader.readValue();
  reader.expectEnd();
  if (!Array.isArray(value))
    throw new SyntaxError("it is not a tuple: one element needs a comma, as in (1,)");
  return value as readonly Json[];
}

class TupleReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readValue(): Json {
    this.#take(BLANKS);
    const next = this.#text[this.#position] ?? "";
    if (next === "(") return this.#readParentheses();
    if (next === "[") return this.#readElements("]").elements;
    if (next === "'" || next === '"') return this.#readString(next);
    return this.#readNumber() ?? this.#readName();
  }

  expectEnd(): void {
    this.#take(BLANKS);
    if (this.#position < this.#text.length) throw this.#unexpected();
  }

  /** A tuple, or an expression in parentheses: `(1)` is the number. */
  #readParentheses(): Json {
    const { elements, hasComma } = this.#readElements(")");
    return elements.length === 1 && !hasComma ? (elements[0] as Json) : elements;
  }

  #readElements(close: string): { elements: Json[]; hasComma: boolean } {
    const elements: Json[] = [];
    let hasComma = false;
    this.#position++;
    while (!this.#skip(close)) {
      if (elements.length > 0 && !hasComma) throw this.#unexpected();
      elements.push(this.readValue());
      hasComma = this.#skip(",");
    }
    return { elements, hasComma };
  }

  #readString(quote: string): string {
    let value = "";
    this.#position++;
    for (;;) {
      const next = this.#text[this.#position++];
      if (next === undefined || next === "\n") throw new SyntaxError("a string in it does not end");
      if (next === quote) return value;
      value += next === "\\" ? this.#readEscape() : next;
    }
  }

  #readEscape(): string {
    const code = this.#take(/x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})/iy);
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    const next = this.#text[this.#position++] ?? "";
    const plain = PLAIN_ESCAPES[next];
    if (plain === undefined) throw new SyntaxError(`it contains the unknown escape \\${next}`);
    return plain;
  }

  #readNumber(): number | undefined {
    const digits = this.#take(NUMBER);
    return digits === undefined ? undefined : Number(digits.replaceAll("_", ""));
  }

  #readName(): Json {
    const value = NAMES[this.#take(NAME) ?? ""];
    if (value === undefined) throw this.#unexpected();
    return value;
  }

  #skip(mark: string): boolean {
    this.#take(BLANKS);
    const isThere = this.#text[this.#position] === mark;
    if (isThere) this.#position++;
    return isThere;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0];
    this.#position += found?.length ?? 0;
    return found;
  }

  #unexpected(): SyntaxError {
    const next = this.#text[this.#position];
    return new SyntaxError(
      next === undefined
        ? "it ends too early"
        : `${JSON.stringify(next)} at ${this.#position + 1} is not expected`,
    );
  }
}
