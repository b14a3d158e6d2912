import { Readable } from "node:stream";
import {
  type FileWriter,
  gzip,
  MemoryFileSystem,
  MemoryTarget,
  onTransfer,
  type TransferProgress,
} from "@leat/core";
import { describe, expect, it } from "vitest";

const PIECE = Buffer.alloc(64 * 1024, "leat");

/** A store whose files never end; it counts what is read of them. */
class EndlessStore extends MemoryFileSystem {
  givenBytes = 0;

  protected override async _openRead(): Promise<Readable> {
    return Readable.from(this.#pieces(), { objectMode: false });
  }

  *#pieces(): Generator<Buffer> {
    for (;;) {
      this.givenBytes += PIECE.length;
      yield PIECE;
    }
  }
}

/** A store that takes one piece and is busy with it for ever. */
class BusyStore extends MemoryFileSystem {
  readonly begins: Promise<void>;
  isAborted = false;
  #begin: () => void = () => undefined;

  constructor() {
    super();
    this.begins = new Promise((resolve) => (this.#begin = resolve));
  }

  protected override async _openWrite(): Promise<FileWriter> {
    return {
      write: () => (this.#begin(), new Promise(() => undefined)),
      commit: async () => undefined,
      abort: async () => void (this.isAborted = true),
    };
  }
}

const memory = (name: string, fileSystem = new MemoryFileSystem(), options = {}): MemoryTarget =>
  new MemoryTarget(name, { fileSystem, ...options });

it("a copy reads no more than the store that it goes to can take", async () => {
  const [endless, busy] = [new EndlessStore(), new BusyStore()];
  const stop = new AbortController();
  const copying = memory("a", endless).copyTo(memory("b", busy), { signal: stop.signal });
  await busy.begins;
  const before = endless.givenBytes;
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  expect(endless.givenBytes - before).toBeLessThan(1024 * 1024);
  const reason = new Error("enough");
  stop.abort(reason);
  await expect(copying).rejects.toBe(reason);
  expect(busy.isAborted).toBe(true);
});

describe("bytes as they are stored", () => {
  it("are copied when both targets have the same format", async () => {
    const from = memory("a.gz");
    await from.writeText("no gzip");
    const packed = memory("b.gz", new MemoryFileSystem(), { format: gzip() });
    await memory("a.gz", from.fileSystem, { format: gzip() }).copyTo(packed);
    expect(await memory("b.gz", packed.fileSystem).readText()).toBe("no gzip");
  });

  it("are made anew for another format", async () => {
    const from = memory("a.txt");
    await from.writeText("a");
    const packed = memory("b.gz", new MemoryFileSystem(), { format: gzip() });
    const seen: TransferProgress[] = [];
    await from.copyTo(packed, { onProgress: (progress) => seen.push(progress) });
    expect(await packed.readText()).toBe("a");
    const { length } = await memory("b.gz", packed.fileSystem).readBytes();
    expect(seen.at(-1)).toMatchObject({ from: "a.txt", to: "b.gz", state: "done", bytes: length });
    expect(seen[0]?.totalBytes).toBeUndefined();
  });
});

describe("who listens to transfers", () => {
  it("hears of every file that is written or copied, until it has heard enough", async () => {
    const seen: string[] = [];
    const enough = onTransfer(({ to, state, bytes }) => seen.push(`${to} ${state} ${bytes}`));
    const target = memory("a");
    await target.writeText("12345");
    await target.copyTo(memory("b", target.fileSystem));
    enough();
    await target.writeText("x");
    expect(seen).toEqual([
      "a running 0",
      "a running 5",
      "a done 5",
      "b running 0",
      "b running 5",
      "b done 5",
    ]);
  });

  it("hears once of one that fails", async () => {
    const seen: string[] = [];
    const enough = onTransfer(({ state }) => seen.push(state));
    const failure = new Error("the source broke");
    function* broken(): Generator<string> {
      yield "a";
      throw failure;
    }
    await expect(memory("a").writeFrom(broken())).rejects.toBe(failure);
    await expect(memory("no").copyTo(memory("b"))).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    enough();
    expect(seen).toEqual(["running", "failed", "running", "failed"]);
  });
});
