import { CHUNK_BYTES } from "./row-encoder.ts";
import { checkText } from "./text-checks.ts";

/** Text up to this length is copied character by character: for short text that is faster than a call into the engine. */
const SHORT_TEXT = 64;

const BACKSLASH = 0x5c;
/** What stands after a backslash, by the character that is escaped. */
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\", "\t": "t", "\n": "n", "\r": "r" };
const ESCAPED = /[\\\t\n\r]/g;
/** The same by codes; 0 for characters that are not escaped. */
const ESCAPE_CODES = new Uint8Array(0x80);
for (const [character, letter] of Object.entries(ESCAPES)) {
  ESCAPE_CODES[character.charCodeAt(0)] = letter.charCodeAt(0);
}

/** A chunk and some room for its last row. */
const CAPACITY_BYTES = CHUNK_BYTES + 32 * 1024;

/** A growing buffer into which encoders write one after another: big-endian numbers, bytes, and text as UTF-8. */
export class ByteWriter {
  readonly #capacity: number;
  #bytes: Buffer;
  #length = 0;

  /** @param capacity bytes to begin with */
  constructor(capacity = CAPACITY_BYTES) {
    this.#capacity = capacity;
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** The bytes written so far. They are the caller's; writing goes on in a fresh buffer. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafeSlow(this.#capacity);
    this.#length = 0;
    return taken;
  }

  uint8(value: number): void {
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  int16(value: number): void {
    const at = this.#advance(2);
    const bytes = this.#bytes;
    bytes[at] = value >> 8;
    bytes[at + 1] = value;
  }

  /** Values from -2^31 to 2^32 - 1, the upper half of which are those of an unsigned number. */
  int32(value: number): void {
    const at = this.#advance(4);
    put32(this.#bytes, at, value);
  }

  /** A number of 64 bits in two halves; `low` is unsigned. */
  int64(high: number, low: number): void {
    const at = this.#advance(8);
    put32(this.#bytes, at, high);
    put32(this.#bytes, at + 4, low);
  }

  bigInt64(value: bigint): void {
    const at = this.#advance(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  float32(value: number): void {
    const at = this.#advance(4);
    this.#bytes.writeFloatBE(value, at);
  }

  float64(value: number): void {
    const at = this.#advance(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.#advance(value.length);
    this.#bytes.set(value, at);
  }

  /** @throws ValueError for text that cannot be stored */
  text(value: string): void {
    this.#reserve(value.length * 3);
    const end = value.length > SHORT_TEXT ? -1 : putAscii(this.#bytes, this.#length, value);
    if (end < 0) this.#utf8(value);
    else this.#length = end;
  }

  /**
   * Text with a backslash before backslashes, and `\t`, `\n`, `\r` for these three characters.
   *
   * @throws ValueError for text that cannot be stored
   */
  escapedText(value: string): void {
    this.#reserve(value.length * 6);
    const end = value.length > SHORT_TEXT ? -1 : putEscapedAscii(this.#bytes, this.#length, value);
    if (end < 0) this.#utf8(value.replaceAll(ESCAPED, (found) => `\\${ESCAPES[found]}`));
    else this.#length = end;
  }

  /** A text after its length in bytes. */
  sizedText(value: string): void {
    const at = this.#advance(4);
    this.text(value);
    this.fillSize(at);
  }

  /** Puts a size into the four bytes at a place: the number of bytes that follow them. */
  fillSize(at: number): void {
    put32(this.#bytes, at, this.#length - at - 4);
  }

  #utf8(text: string): void {
    checkText(text);
    this.#length += this.#bytes.write(text, this.#length, "utf8");
  }

  #advance(size: number): number {
    const at = this.#length;
    this.#reserve(size);
    this.#length = at + size;
    return at;
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

function put32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Writes text of ASCII characters without NUL and gives where it ends; -1 when the text is not such. */
function putAscii(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0 || unit > 0x7f) return -1;
    bytes[at + i] = unit;
  }
  return at + length;
}

/** As `putAscii`, with escapes. */
function putEscapedAscii(bytes: Buffer, at: number, text: string): number {
  const { length } = text;
  let end = at;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0 || unit > 0x7f) return -1;
    const letter = ESCAPE_CODES[unit] as number;
    if (letter !== 0) bytes[end++] = BACKSLASH;
    bytes[end++] = letter === 0 ? unit : letter;
  }
  return end;
}
