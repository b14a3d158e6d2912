import { once } from "node:events";
import { PassThrough, Transform, Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createGzip, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { EncodingStream } from "../src/encoding-stream.ts";

describe("an encoding stream", () => {
  it("finishes when the last stream has, with all that the encoders gave", async () => {
    const last = new Collector();
    const stream = new EncodingStream([createGzip(), new PassThrough()], last);
    const content = Buffer.alloc(3_000_000, "leat ");
    for (let at = 0; at < content.length; at += 50_000) stream.write(content.subarray(at, at + 50_000));
    stream.end();
    await finished(stream);
    expect(last.writableFinished).toBe(true);
    expect(gunzipSync(Buffer.concat(last.chunks)).equals(content)).toBe(true);
  });

  it.each([0, 1, 2])("fails with the error of encoder %d of 3, and destroys the others", async (failing) => {
    const failure = new Error("cannot encode");
    const encoders = [0, 1, 2].map((index) =>
      index === failing ? failingEncoder(failure) : new PassThrough(),
    );
    const [first, ...others] = encoders as [Transform, ...Transform[]];
    const last = new Collector();
    const stream = new EncodingStream([first, ...others], last);
    stream.write("a");
    await expect(finished(stream)).rejects.toBe(failure);
    expect([...encoders, last].every((each) => each.destroyed)).toBe(true);
    expect(last.writableFinished).toBe(false);
  });

  it("fails when an encoder fails at the very end", async () => {
    const failure = new Error("cannot end");
    const last = new Collector();
    const encoder = new Transform({
      transform: (chunk, _encoding, done) => done(null, chunk),
      flush: (done) => done(failure),
    });
    const stream = new EncodingStream([encoder], last);
    stream.end("a");
    await expect(finished(stream)).rejects.toBe(failure);
    expect(last.writableFinished).toBe(false);
  });

  it("fails with the error of the last stream, also while a write waits", async () => {
    const failure = new Error("the disk is full");
    const last = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done(failure) });
    const stream = new EncodingStream([new PassThrough()], last);
    const answers: unknown[] = [];
    for (let index = 0; index < 20; index++) {
      stream.write(Buffer.alloc(16_384), (error) => answers.push(error));
    }
    await expect(finished(stream)).rejects.toBe(failure);
    await new Promise(setImmediate);
    expect(answers).toHaveLength(20);
  });

  it("takes no more than the last stream does", async () => {
    const last = new Writable({ highWaterMark: 1, write: () => undefined });
    const stream = new EncodingStream([new PassThrough(), new PassThrough()], last);
    let taken = 0;
    while (stream.write(Buffer.alloc(16_384)) && taken < 1000) taken++;
    await new Promise(setImmediate);
    expect(stream.writableNeedDrain).toBe(true);
    expect(taken).toBeLessThan(1000);
    stream.destroy();
    await once(stream, "close");
  });

  it("destroys all streams when it is destroyed, and closes after the last has", async () => {
    const encoder = new PassThrough();
    let isCleanedUp = false;
    const last = new Writable({
      write: (_chunk, _encoding, done) => done(),
      destroy: (_error, done) => {
        setImmediate(() => {
          isCleanedUp = true;
          done(null);
        });
      },
    });
    const stream = new EncodingStream([encoder], last);
    stream.write("a");
    stream.destroy().destroy();
    await once(stream, "close");
    expect(encoder.destroyed).toBe(true);
    expect(isCleanedUp).toBe(true);
    expect(last.writableFinished).toBe(false);
  });
});

class Collector extends Writable {
  readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}

function failingEncoder(failure: Error): Transform {
  return new Transform({ transform: (_chunk, _encoding, done) => done(failure) });
}
