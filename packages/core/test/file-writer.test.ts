import { describe, expect, it } from "vitest";
import { CheckedWriter } from "../src/file-writer.ts";
import { RecordingWriter } from "./recording-writer.ts";
import { leatError } from "./support.ts";

const A = Buffer.from("a");

describe("a file writer", () => {
  it("takes one call at a time", async () => {
    const { store, writer } = opened();
    const release = store.hold("write");
    const first = writer.write(A);
    await expect(writer.write(A)).rejects.toEqual(leatError("WRITER_BUSY", "out/a.txt"));
    await expect(writer.commit()).rejects.toEqual(leatError("WRITER_BUSY", "out/a.txt"));
    release();
    await first;
    await writer.commit();
    expect(store.names()).toEqual(["write", "commit"]);
  });

  it("commits nothing after a write that failed", async () => {
    const { store, writer } = opened();
    const failure = store.fail("write");
    await expect(writer.write(A)).rejects.toBe(failure);
    await expect(writer.commit()).rejects.toEqual(leatError("WRITER_ENDED", "out/a.txt"));
    await writer.abort();
    expect(store.names()).toEqual(["write", "abort"]);
  });

  it("ends once", async () => {
    const committed = opened();
    await committed.writer.commit();
    await committed.writer.abort();
    await expect(committed.writer.commit()).rejects.toEqual(leatError("WRITER_ENDED"));
    expect(committed.store.names()).toEqual(["commit"]);

    const aborted = opened();
    await aborted.writer.abort();
    await aborted.writer.abort();
    await expect(aborted.writer.write(A)).rejects.toEqual(leatError("WRITER_ENDED"));
    expect(aborted.store.names()).toEqual(["abort"]);
  });

  it("cleans up after a commit that failed, and tells why that failed", async () => {
    const { store, writer } = opened();
    const failure = store.fail("commit");
    store.fail("abort");
    await expect(writer.commit()).rejects.toBe(failure);
    await writer.abort();
    expect(store.names()).toEqual(["commit", "abort"]);
  });

  it("does not abort what is being committed", async () => {
    const { store, writer } = opened();
    const release = store.hold("commit");
    const committing = writer.commit();
    const aborting = writer.abort();
    release();
    await Promise.all([committing, aborting]);
    expect(store.names()).toEqual(["commit"]);
  });

  it("aborts a write that does not come back", async () => {
    const { store, writer } = opened();
    const release = store.hold("write");
    const writing = writer.write(A);
    await writer.abort();
    expect(store.names()).toEqual(["write", "abort"]);
    release();
    await writing;
    await expect(writer.commit()).rejects.toEqual(leatError("WRITER_ENDED"));
  });

  it("does nothing more once its signal is aborted", async () => {
    const reason = new Error("enough");
    const writing = opened(AbortSignal.abort(reason));
    await expect(writing.writer.write(A)).rejects.toBe(reason);
    const committing = opened(AbortSignal.abort(reason));
    await expect(committing.writer.commit()).rejects.toBe(reason);
    expect(writing.store.names()).toEqual([]);
    expect(committing.store.names()).toEqual(["abort"]);
  });
});

function opened(signal?: AbortSignal): { store: RecordingWriter; writer: CheckedWriter } {
  const store = new RecordingWriter();
  return { store, writer: new CheckedWriter("out/a.txt", store, signal) };
}
