import { setTimeout } from "node:timers/promises";
import { pattern } from "./tools.ts";

/** Whether someone still asks can only be seen by waiting: so long without any request is quiet. */
const QUIET_MS = 300;

/** A source that gives as much as it is asked for. */
export class EndlessSource implements AsyncIterable<Buffer> {
  readonly #part = pattern(64 * 1024);
  givenBytes = 0;

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
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
