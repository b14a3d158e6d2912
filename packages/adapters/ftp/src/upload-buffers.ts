/** Bytes sent at a time. */
const PIECE_BYTES = 256 * 1024;

/** Pieces on their way: the server has something to do while the next one is made ready. */
const MOST_PIECES = 4;

/** Sends what it is given in pieces, several at a time, whose memory is used again and again. */
export class UploadBuffers {
  readonly #send: (piece: Buffer) => Promise<void>;
  readonly #free: Buffer[] = [];
  #made = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** @param send resolves when the piece can be used again; why it rejects is told by `fail` */
  constructor(send: (piece: Buffer) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves when there is room for more. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
      const part = chunk.subarray(at, at + PIECE_BYTES);
      const buffer = await this.#nextFree(part.byteLength);
      buffer.set(part);
      this.#start(buffer, part.byteLength);
    }
  }

  /** Resolves when all pieces have been sent. */
  async flush(): Promise<void> {
    while (this.#free.length < this.#made) await this.#change();
    this.#check();
  }

  /** What is under way and all that comes rejects with this error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  async #nextFree(bytes: number): Promise<Buffer> {
    for (;;) {
      this.#check();
      const buffer = this.#free.pop();
      if (buffer !== undefined) return buffer.length < bytes ? Buffer.allocUnsafeSlow(PIECE_BYTES) : buffer;
      if (this.#made < MOST_PIECES) {
        this.#made++;
        // Many files are small.
        return Buffer.allocUnsafeSlow(bytes);
      }
      await this.#change();
    }
  }

  #start(buffer: Buffer, length: number): void {
    const done = (): void => {
      this.#free.push(buffer);
      this.#wake();
    };
    this.#send(buffer.subarray(0, length)).then(done, () => undefined);
  }

  async #change(): Promise<void> {
    this.#check();
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
