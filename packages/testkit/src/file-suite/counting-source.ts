import { setTimeout } from "node:timers/promises";
import { MIB, pattern } from "./tools.ts";

/** Whether someone still asks can only be seen by waiting: so long without any request is quiet. */
const QUIET_MS = 300;

/** More than anyone who makes it wait would take, and less than the memory of one who does not. */
const MOST_BYTES = 512 * MIB;

/** A large source that counts what it is asked for. */
export class CountingSource implements AsyncIterable<Buffer> {
  readonly #part = pattern(64 * 1024);
  givenBytes = 0;

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    while (this.givenBytes < MOST_BYTES) {
      this.givenBytes += this.#part.length;
      yield this.#part;
    }
  }

  async hasGiven(bytes: number): Promise<void> {
    while (this.givenBytes < bytes) await setTimeout(1);
  }

  /** Waits until it is asked for no more; gives how much it has given then. */
  async quiet(): Promise<number> {
    for (let before = -1; before !== this.givenBytes; ) {
      before = this.givenBytes;
      await setTimeout(QUIET_MS);
    }
    return this.givenBytes;
  }
}
