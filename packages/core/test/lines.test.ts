import { Readable } from "node:stream";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitLines } from "../src/lines.ts";
import { seed } from "./support.ts";

describe("splitting lines", () => {
  it("gives the same lines wherever the bytes are cut", async () => {
    const character = fc.constantFrom("a", "å", "€", "😀", "\n", "\r\n", "\r", "\uFEFF", "\0", " ");
    const content = fc.array(character, { maxLength: 60 }).map((characters) => characters.join(""));
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.nat(80), { maxLength: 8 }), async (text, cuts) => {
        expect(await linesOf(cutAt(Buffer.from(text), cuts))).toEqual(expectedLines(text));
      }),
      { seed, numRuns: 500 },
    );
  });

  it("gives what each chunk completed as one batch", async () => {
    const batches: string[][] = [];
    for await (const batch of splitLines(Readable.from(chunks("a\nb\nc", "d", "\ne")))) batches.push(batch);
    expect(batches).toEqual([["a", "b"], ["cd"], ["e"]]);
  });

  it("refuses bytes that are not UTF-8, wherever they are", async () => {
    const encoded = { code: "ERR_ENCODING_INVALID_ENCODED_DATA" };
    await expect(linesOf([Buffer.from([0x61, 0xff, 0x0a, 0x62])])).rejects.toMatchObject(encoded);
    await expect(linesOf([Buffer.from([0x61, 0x0a, 0xe2, 0x82])])).rejects.toMatchObject(encoded);
  });

  it("takes time in proportion to the length of a line", async () => {
    // Joining again at each chunk would copy half a terabyte here.
    const chunk = Buffer.alloc(1024, "x");
    const [line] = await linesOf(Array.from({ length: 32_768 }, () => chunk));
    expect(line).toHaveLength(32_768 * 1024);
  });
});

function chunks(...texts: string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text));
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function expectedLines(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return text.endsWith("\n") || text === "" ? lines.slice(0, -1) : lines;
}

async function linesOf(pieces: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of splitLines(Readable.from(pieces))) lines.push(...batch);
  return lines;
}
