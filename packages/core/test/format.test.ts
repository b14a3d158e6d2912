import { Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { bytes, compose, type Format, gzip, MemoryFileSystem, MemoryTarget, text } from "@leat/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leatError, seed } from "./support.ts";

describe("the text format", () => {
  it("turns CRLF and CR into LF wherever the bytes are cut", async () => {
    const character = fc.constantFrom("a", "å", "\n", "\r\n", "\r", "\uFEFF");
    const content = fc.array(character, { maxLength: 40 }).map((characters) => characters.join(""));
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 5 }), async (written, size) => {
        const expected = written.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
        expect((await decoded(text, cut(Buffer.from(written), size))).toString()).toBe(expected);
      }),
      { seed, numRuns: 500 },
    );
  });

  it("leaves bytes that are not UTF-8, so that reading text finds them", async () => {
    const damaged = Buffer.from([0x61, 0xff, 0x0d, 0x0a]);
    expect(await decoded(text, [damaged])).toEqual(Buffer.from([0x61, 0xff, 0x0a]));
    await expect((await stored(damaged, text)).readText()).rejects.toEqual(
      leatError("TARGET_INVALID_DATA", "a.txt"),
    );
  });

  it("writes what it is given", async () => {
    const written = target(text);
    await written.writeText("a\r\nb");
    expect((await raw(written)).toString()).toBe("a\r\nb");
  });
});

describe("the gzip format", () => {
  it.each([1, 6, 9])("compresses with level %d", async (level) => {
    const written = target(gzip({ level }));
    await written.writeText("leat ".repeat(10_000));
    expect(gunzipSync(await raw(written)).toString()).toBe("leat ".repeat(10_000));
    expect(await written.readText()).toBe("leat ".repeat(10_000));
  });

  it.each([0, 10, -1, 1.5, Number.NaN])("refuses level %d", (level) => {
    expect(() => gzip({ level })).toThrow(leatError("FORMAT_INVALID", String(level)));
  });

  it("reads files of several parts, as `cat a.gz b.gz` makes them", async () => {
    const parts = Buffer.concat([gzipSync("one\n"), gzipSync("two\n")]);
    expect(await (await stored(parts, gzip())).readText()).toBe("one\ntwo\n");
  });

  const whole = gzipSync(Buffer.alloc(200_000, "leat "));
  const damaged = Buffer.from(whole);
  damaged[damaged.length - 8] = (damaged.at(-8) as number) ^ 1;
  it.each([
    ["cut off", whole.subarray(0, -5)],
    ["cut off early", whole.subarray(0, 30)],
    ["empty", Buffer.alloc(0)],
    ["damaged", damaged],
    ["not compressed", Buffer.from("plain text")],
  ])("says that data is bad when it is %s, however it is read", async (_label, content) => {
    const file = await stored(content, gzip());
    const invalid = leatError("TARGET_INVALID_DATA", "a.txt");
    await expect(file.readBytes()).rejects.toEqual(invalid);
    await expect(file.readText()).rejects.toEqual(invalid);
    await expect((await file.createReadStream()).toArray()).rejects.toEqual(invalid);
    await expect(linesOf(file)).rejects.toEqual(invalid);
  });

  it("passes on an error of the store as it is", async () => {
    await expect(target(gzip()).readText()).rejects.toEqual(leatError("TARGET_NOT_FOUND"));
  });
});

describe("formats one after another", () => {
  it("are applied from the user's side, and undone from the store's", async () => {
    const format = compose(reversed, text, gzip());
    const written = target(format);
    expect(format.name).toBe("reversed > text > gzip");
    await written.writeText("abc");
    expect(gunzipSync(await raw(written)).toString()).toBe("cba");
    expect(await written.readText()).toBe("abc");
  });
});

/** Reverses each chunk: something of which the order shows. */
const reversed: Format = { name: "reversed", encode: () => [reversal()], decode: () => [reversal()] };

function reversal(): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from([...chunk].toReversed())),
  });
}

function target(format: Format, fileSystem = new MemoryFileSystem()): MemoryTarget {
  return new MemoryTarget("a.txt", { fileSystem, format });
}

/** A target whose file has these bytes. */
async function stored(content: Uint8Array, format: Format): Promise<MemoryTarget> {
  const fileSystem = new MemoryFileSystem();
  await target(bytes, fileSystem).writeBytes(content);
  return target(format, fileSystem);
}

/** The bytes of the file of a target. */
function raw(written: MemoryTarget): Promise<Buffer> {
  return target(bytes, written.fileSystem).readBytes();
}

async function decoded(format: Format, pieces: readonly Buffer[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const collector = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  await pipeline([Readable.from(pieces, { objectMode: false }), ...format.decode(), collector]);
  return Buffer.concat(chunks);
}

function cut(content: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) pieces.push(content.subarray(at, at + size));
  return pieces;
}

async function linesOf(source: MemoryTarget): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of source.readLines()) lines.push(line);
  return lines;
}
