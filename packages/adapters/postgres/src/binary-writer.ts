import { checkText } from "@leat/copy-to-table";

/** Text up to this length is copied character by character: for short text that is faster than a call into the engine. */
const SHORT_TEXT = 40;

/** A growing buffer for PostgreSQL's binary formats: big-endian numbers and UTF-8 text, written one after another. */
export class BinaryWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity: number) {
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
    this.#bytes = Buffer.allocUnsafeSlow(this.#bytes.length);
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

  /** UTF-8. @throws ValueError for text that cannot be stored */
  text(value: string): void {
    const at = this.#length;
    this.#reserve(value.length * 3);
    this.#length = at + (this.#asciiAt(value, at) ?? this.#utf8At(value, at));
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

  /** Writes short ASCII text and gives its length, or `undefined` when the text is not such. */
  #asciiAt(text: string, at: number): number | undefined {
    const { length } = text;
    if (length > SHORT_TEXT) return undefined;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 0 || unit > 0x7f) return undefined;
      bytes[at + i] = unit;
    }
    return length;
  }

  #utf8At(text: string, at: number): number {
    checkText(text);
    return this.#bytes.write(text, at, "utf8");
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
