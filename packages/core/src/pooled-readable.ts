import { Readable } from "node:stream";

/**
 * A stream of bytes in chunks whose memory is used again when its only consumer gives them back, which halves the processor
 * time of a transfer: new memory has to be mapped and cleared, and collected in the end. A consumer that gives nothing back
 * gets new memory with each chunk.
 */
export abstract class PooledReadable extends Readable {
  readonly #chunkBytes: number;
  readonly #free: Buffer[] = [];

  /**
   * @param chunkBytes size of the memory for a chunk
   * @param bufferedBytes that are read while the consumer is busy
   */
  constructor(chunkBytes: number, bufferedBytes: number = chunkBytes) {
    super({ highWaterMark: bufferedBytes });
    this.#chunkBytes = chunkBytes;
  }

  /** Takes back the memory of a chunk, or of a part of one. Nobody may read it any more. */
  giveBack(chunk: Uint8Array): void {
    if (chunk.buffer.byteLength === this.#chunkBytes)
      this.#free.push(Buffer.from(chunk.buffer as ArrayBuffer));
  }

  /** Memory for a chunk, or for the fewer bytes that there are, with anything in it: most files are small. */
  protected takeMemory(bytes: number = this.#chunkBytes): Buffer {
    if (bytes < this.#chunkBytes) return Buffer.allocUnsafeSlow(bytes);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#chunkBytes);
  }
}
