import { PassThrough, Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { gzip, MemoryFileSystem, MemoryTarget, Target } from "@leat/core";
import { describe, expect, it, vi } from "vitest";
import { RecordingWriter } from "./recording-writer.ts";
import { leatError } from "./support.ts";

function target(path = "a.txt", fileSystem = new MemoryFileSystem()): MemoryTarget {
  return new MemoryTarget(path, { fileSystem });
}

describe("a file target", () => {
  it("is a target, and its text form is its path", () => {
    expect(Target.isTarget(target())).toBe(true);
    expect(`${target("x/a.txt")}`).toBe("x/a.txt");
  });

  it.each([
    ["strings", ["å", "", "b"]],
    ["bytes", [Buffer.from("å"), Buffer.alloc(0), new Uint8Array([0x62])]],
    ["a stream", Readable.from([Buffer.from("åb")])],
    ["a stream of the web", new Blob(["å", "b"]).stream()],
  ])("is written from %s", async (_label, source) => {
    const file = target();
    await file.writeFrom(source);
    expect(await file.readText()).toBe("åb");
  });

  it("is written line by line, also from a source that waits", async () => {
    async function* slowly(): AsyncGenerator<string> {
      yield "a";
      await setTimeout(1);
      yield "b";
    }
    const file = target();
    await file.writeLines(slowly());
    expect(await file.readText()).toBe("a\nb\n");
  });

  it("ends its source when writing fails", async () => {
    const file = target("a.txt", new MemoryFileSystem());
    await file.writeText("old");
    const source = new PassThrough();
    await expect(file.writeFrom(source, { exclusive: true })).rejects.toEqual(leatError("TARGET_EXISTS"));
    expect(source.destroyed).toBe(true);
  });

  it.each(["write", "commit"] as const)("is aborted when bytes cannot be taken: %s", async (name) => {
    const fileSystem = new MemoryFileSystem();
    const writer = new RecordingWriter();
    vi.spyOn(fileSystem, "openWrite").mockResolvedValue(writer);
    const failure = writer.fail(name);
    await expect(target("a.txt", fileSystem).writeBytes(Buffer.from("a"))).rejects.toBe(failure);
    expect(writer.names().slice(-2)).toEqual([name, "abort"]);
  });

  it("takes bytes and the text of a script for what they are, also none", async () => {
    const file = target();
    await file.writeBytes(new Uint8Array([0x62]));
    expect(await file.readText()).toBe("b");
    await file.writeBytes(new Uint8Array());
    expect(await file.readText()).toBe("");
    await file.writeBytes("å" as unknown as Uint8Array);
    expect(await file.readText()).toBe("å");
  });

  it("is not written with a value that JSON does not have", async () => {
    const file = target();
    for (const value of [undefined, () => 1, Symbol("x")]) {
      await expect(file.writeJson(value)).rejects.toEqual(leatError("FORMAT_INVALID", "a.txt", typeof value));
    }
    expect(await file.exists()).toBe(false);
  });

  it("has no size when it is a directory", async () => {
    const fileSystem = new MemoryFileSystem();
    await target("dir/a.txt", fileSystem).writeText("a");
    await expect(target("dir", fileSystem).size()).rejects.toEqual(leatError("TARGET_IS_DIRECTORY", "dir"));
  });

  it("moves its bytes as they are to a target of the same format", async () => {
    const fileSystem = new MemoryFileSystem();
    const from = new MemoryTarget("a.gz", { fileSystem, format: gzip({ level: 1 }) });
    const to = new MemoryTarget("b.gz", { fileSystem, format: gzip({ level: 9 }) });
    await from.writeText("a");
    const read = vi.spyOn(fileSystem, "openRead");
    await from.moveTo(to);
    expect(read).not.toHaveBeenCalled();
    expect(await to.readText()).toBe("a");
  });

  it("keeps the source of a move when copying fails", async () => {
    const file = target();
    const other = target("b.txt");
    await file.writeText("a");
    await other.writeText("b");
    await expect(file.moveTo(other, { exclusive: true })).rejects.toEqual(leatError("TARGET_EXISTS"));
    expect(await file.readText()).toBe("a");
  });

  it("ends reading with the reason of an abort, also through a format", async () => {
    const file = new MemoryTarget("a.gz", { fileSystem: new MemoryFileSystem(), format: gzip() });
    await file.writeText("a");
    const stop = new AbortController();
    const content = await file.createReadStream({ signal: stop.signal });
    // All stored bytes have been read by now; only their content has not.
    await setTimeout(20);
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(content.toArray()).rejects.toBe(reason);
  });
});
