/** What a first small chunk gets: most files are small, and a part is not. */
const FIRST_BYTES = 64 * 1024;

/** Bytes gathered for one part. It grows up to the size of a part and can be used again. */
export class PartBuffer {
  readonly #limit: number;
  #bytes: Buffer = Buffer.alloc(0);
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#used === this.#limit;
  }

  get content(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  /** Takes what fits, and gives the number of bytes. */
  append(chunk: Uint8Array): number {
    const taken = Math.min(chunk.byteLength, this.#limit - this.#used);
    this.#reserve(this.#used + taken);
    this.#bytes.set(chunk.subarray(0, taken), this.#used);
    this.#used += taken;
    return taken;
  }

  clear(): void {
    this.#used = 0;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.byteLength) return;
    const size = Math.min(this.#limit, Math.max(bytes, 2 * this.#bytes.byteLength, FIRST_BYTES));
    const larger = Buffer.allocUnsafeSlow(size);
    larger.set(this.content);
    this.#bytes = larger;
  }
}
