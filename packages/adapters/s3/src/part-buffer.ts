import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Memory for a first small chunk: most files are small, and a part is not. */
const FIRST_BYTES = 64 * 1024;

/** What a store wants to be told of the content of a request. */
export interface DigestKinds {
  readonly crc32: boolean;
  readonly sha256: boolean;
}

/** The content of a request, with what a store was found to want to know of it. */
export interface Content {
  readonly bytes: Buffer;
  /** In base64, of four bytes, the highest first. */
  readonly crc32?: string;
  /** In hexadecimal. */
  readonly sha256?: string;
}

/**
 * Bytes gathered for one part. It grows up to the size of a part and can be used again. Digests are taken while the bytes are
 * in the processor's cache: the SDK, which has to fetch all of a part again, takes longer for its own.
 */
export class PartBuffer {
  readonly #limit: number;
  readonly #firstBytes: number;
  readonly #kinds: DigestKinds;
  #bytes: Buffer = Buffer.alloc(0);
  #used = 0;
  #crc32 = 0;
  #sha256: Hash | undefined;

  /** @param firstBytes memory to begin with: what it grows out of stays until it is collected */
  constructor(limit: number, kinds: DigestKinds, firstBytes: number = FIRST_BYTES) {
    this.#limit = limit;
    this.#firstBytes = firstBytes;
    this.#kinds = kinds;
    this.clear();
  }

  get isFull(): boolean {
    return this.#used === this.#limit;
  }

  /** What was gathered. Once only, until it is cleared. */
  takeContent(): Content {
    const bytes = this.#gathered();
    return {
      bytes,
      ...(this.#kinds.crc32 ? { crc32: base64Of(this.#crc32) } : {}),
      ...(this.#sha256 === undefined ? {} : { sha256: this.#sha256.digest("hex") }),
    };
  }

  /** Takes what fits, and gives the number of bytes. */
  append(chunk: Uint8Array): number {
    const taken = Math.min(chunk.byteLength, this.#limit - this.#used);
    this.#reserve(this.#used + taken);
    const part = chunk.subarray(0, taken);
    this.#bytes.set(part, this.#used);
    if (this.#kinds.crc32) this.#crc32 = crc32(part, this.#crc32);
    this.#sha256?.update(part);
    this.#used += taken;
    return taken;
  }

  clear(): void {
    this.#used = 0;
    this.#crc32 = 0;
    this.#sha256 = this.#kinds.sha256 ? createHash("sha256") : undefined;
  }

  #gathered(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.byteLength) return;
    const size = Math.min(this.#limit, Math.max(bytes, 2 * this.#bytes.byteLength, this.#firstBytes));
    const larger = Buffer.allocUnsafeSlow(size);
    larger.set(this.#gathered());
    this.#bytes = larger;
  }
}

function base64Of(checksum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum);
  return bytes.toString("base64");
}
