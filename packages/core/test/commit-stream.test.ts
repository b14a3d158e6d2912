import { getEventListeners, once } from "node:events";
import { finished } from "node:stream/promises";
import { describe, expect, it } from "vitest";
import { CommitStream } from "../src/commit-stream.ts";
import { RecordingWriter } from "./recording-writer.ts";

const KIB = 1024;

describe("a commit stream", () => {
  it("gathers small chunks into writes of up to 256 KiB", async () => {
    const { writer, stream } = opened();
    for (let index = 0; index < 60; index++) stream.write(Buffer.alloc(10 * KIB, index));
    stream.end();
    await finished(stream);
    expect(writer.calls.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["write", 250 * KIB],
      ["write", 250 * KIB],
      ["write", 100 * KIB],
      ["commit", 0],
    ]);
    expect(writer.content.equals(bytesOf(60))).toBe(true);
  });

  it("fills a write exactly where chunks allow it, and passes a large chunk as it is", async () => {
    const { writer, stream } = opened();
    for (const size of [128, 128, 10, 900, 256, 5]) stream.write(Buffer.alloc(size * KIB, size));
    stream.end();
    await finished(stream);
    const sizes = writer.calls.map(({ bytes }) => bytes / KIB);
    expect(sizes).toEqual([256, 10, 900, 256, 5, 0]);
  });

  it("commits an empty file", async () => {
    const { writer, stream } = opened();
    stream.end();
    await finished(stream);
    expect(writer.names()).toEqual(["commit"]);
  });

  it("takes no more until the writer has taken what it has", async () => {
    const { writer, stream } = opened();
    const release = writer.hold("write");
    stream.write(Buffer.alloc(300 * KIB));
    expect(stream.write(Buffer.alloc(300 * KIB))).toBe(false);
    await writer.reached("write");
    expect(writer.names()).toEqual(["write"]);
    expect(stream.writableNeedDrain).toBe(true);
    release();
    await once(stream, "drain");
    expect(writer.names()).toEqual(["write", "write"]);
    stream.destroy();
  });

  it("aborts when it is destroyed, and has aborted when it closes", async () => {
    const { writer, stream } = opened();
    stream.write(Buffer.alloc(300 * KIB));
    await writer.reached("write");
    stream.destroy().destroy();
    await once(stream, "close");
    expect(writer.names()).toEqual(["write", "abort"]);
  });

  it("aborts a file that opens after it was destroyed", async () => {
    const writer = new RecordingWriter();
    let open: (value: RecordingWriter) => void = () => {};
    const stream = new CommitStream(() => new Promise((resolve) => (open = resolve)));
    stream.write("a");
    await Promise.resolve();
    stream.destroy();
    await new Promise(setImmediate);
    open(writer);
    await once(stream, "close");
    expect(writer.names()).toEqual(["abort"]);
  });

  it("tells that a file cannot be opened", async () => {
    const failure = new Error("no permission");
    const stream = new CommitStream(() => Promise.reject(failure));
    stream.end("a");
    await expect(finished(stream)).rejects.toBe(failure);
  });

  it.each(["write", "commit"] as const)("aborts when the writer cannot %s", async (name) => {
    const { writer, stream } = opened();
    const failure = writer.fail(name);
    stream.end(Buffer.alloc(300 * KIB));
    await expect(finished(stream)).rejects.toBe(failure);
    expect(writer.names().at(-1)).toBe("abort");
  });

  it("tells its first error, not that cleaning up failed as well", async () => {
    const { writer, stream } = opened();
    const failure = writer.fail("write");
    writer.fail("abort");
    stream.end(Buffer.alloc(300 * KIB));
    await expect(finished(stream)).rejects.toBe(failure);
  });

  it("tells that cleaning up failed when nothing else did", async () => {
    const { writer, stream } = opened();
    const failure = writer.fail("abort");
    stream.write("a");
    await writer.opened;
    stream.destroy();
    await expect(once(stream, "close")).rejects.toBe(failure);
  });

  it("is destroyed with the reason of a signal, and lets go of the signal when it closes", async () => {
    const stop = new AbortController();
    const { writer, stream } = opened(stop.signal);
    stream.write("a");
    await writer.opened;
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(finished(stream)).rejects.toBe(reason);
    expect(writer.names()).toEqual(["abort"]);

    const other = new AbortController();
    const done = opened(other.signal).stream.end("a");
    await finished(done);
    await new Promise(setImmediate);
    expect(getEventListeners(other.signal, "abort")).toHaveLength(0);
  });

  it("refuses a write after the end", async () => {
    const { writer, stream } = opened();
    stream.end("a");
    await finished(stream);
    const error = await new Promise((resolve) => stream.write("b", resolve));
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_STREAM_(DESTROYED|WRITE_AFTER_END)$/) });
    expect(writer.names()).toEqual(["write", "commit"]);
  });
});

function opened(signal?: AbortSignal): { writer: RecordingWriter; stream: CommitStream } {
  const writer = new RecordingWriter();
  return { writer, stream: new CommitStream(() => writer.open(), signal) };
}

function bytesOf(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => Buffer.alloc(10 * KIB, index)));
}
