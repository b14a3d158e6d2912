import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MIB } from "./tools.ts";

/** Bytes that pass between two measurements: collecting garbage takes a while. */
const INTERVAL_BYTES = 16 * MIB;

/** Measures how much more memory is held, garbage not counted, while bytes pass by. */
export class MemoryMeter {
  readonly #before: number;
  /** The most, in bytes. */
  growth = 0;

  private constructor(before: number) {
    this.#before = before;
  }

  static async start(): Promise<MemoryMeter> {
    return new MemoryMeter(await heldBytes());
  }

  async *watch(source: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let unmeasured = 0;
    for await (const chunk of source) {
      unmeasured += chunk.byteLength;
      if (unmeasured >= INTERVAL_BYTES) {
        unmeasured = 0;
        this.growth = Math.max(this.growth, (await heldBytes()) - this.#before);
      }
      yield chunk;
    }
  }
}

let collect: (() => void) | undefined;

async function heldBytes(): Promise<number> {
  collect ??= garbageCollector();
  // What an operation held is free only when its last callbacks have run, and buffers that one collection found are
  // counted until the next.
  collect();
  await setImmediate();
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
