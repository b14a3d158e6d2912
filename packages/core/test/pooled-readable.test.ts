import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalTarget, MemoryFileSystem, MemoryTarget, PooledReadable } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** Gives numbered chunks, and remembers whose memory they were made in. */
class Numbers extends PooledReadable {
  readonly memories = new Set<ArrayBufferLike>();
  #next = 0;
  readonly #count: number;

  constructor(count: number) {
    super(8);
    this.#count = count;
  }

  override _read(): void {
    if (this.#next === this.#count) return void this.push(null);
    const memory = this.takeMemory();
    this.memories.add(memory.buffer);
    memory.fill(this.#next++);
    this.push(memory);
  }
}

describe("a stream with memory that is used again", () => {
  it("uses what is given back", async () => {
    const numbers = new Numbers(100);
    const seen: number[] = [];
    numbers.on("data", (chunk: Buffer) => {
      seen.push(chunk[7] as number);
      numbers.giveBack(chunk);
    });
    await new Promise((resolve) => numbers.once("end", resolve));
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(numbers.memories.size).toBeLessThan(5);
  });

  it("takes back a part of a chunk as the whole", () => {
    const numbers = new Numbers(3);
    // While one chunk is read the next one is made.
    numbers.giveBack((numbers.read() as Buffer).subarray(0, 3));
    expect((numbers.read() as Buffer)[7]).toBe(1);
    expect((numbers.read() as Buffer)[7]).toBe(2);
    expect(numbers.memories.size).toBe(2);
  });

  it("leaves the memory of a consumer alone that gives nothing back", async () => {
    const chunks = await new Numbers(100).toArray();
    expect(chunks.map((chunk: Buffer) => chunk[0])).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it("does not take memory that it cannot have given", () => {
    const numbers = new Numbers(1);
    numbers.giveBack(Buffer.alloc(100));
    expect((numbers.read() as Buffer).length).toBe(8);
  });
});

describe("a copy of a file of many chunks", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "leat-pooled-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("has every byte in its place, while another reads the same file", async () => {
    const content = Buffer.from(
      Uint32Array.from({ length: 1_000_003 }, (_, index) => index * 2_654_435_761).buffer,
    );
    const source = new LocalTarget(join(directory, "source"));
    await writeFile(source.path, content);
    const copy = new MemoryTarget("copy", { fileSystem: new MemoryFileSystem() });
    const second = new LocalTarget(join(directory, "second"));
    const [, , read] = await Promise.all([source.copyTo(copy), source.copyTo(second), source.readBytes()]);
    expect((await copy.readBytes()).equals(content)).toBe(true);
    expect((await second.readBytes()).equals(content)).toBe(true);
    expect(read.equals(content)).toBe(true);
  });
});
