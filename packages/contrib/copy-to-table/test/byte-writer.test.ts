import { ByteWriter } from "@leat/copy-to-table";
import * as fc from "fast-check";
import { expect, it } from "vitest";

const SEED = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

it("writes numbers as Node reads them", () => {
  const out = new ByteWriter(1);
  out.uint8(255);
  out.int16(-2);
  out.int32(-3);
  out.int32(2 ** 32 - 1);
  out.int64(-1, 2 ** 32 - 4);
  out.bigInt64(-5n);
  out.float32(1.5);
  out.float64(-0);
  const bytes = out.take();
  expect(bytes.readUint8(0)).toBe(255);
  expect(bytes.readInt16BE(1)).toBe(-2);
  expect(bytes.readInt32BE(3)).toBe(-3);
  expect(bytes.readUint32BE(7)).toBe(2 ** 32 - 1);
  expect(bytes.readBigInt64BE(11)).toBe(-4n);
  expect(bytes.readBigInt64BE(19)).toBe(-5n);
  expect(bytes.readFloatBE(27)).toBe(1.5);
  expect(bytes.readDoubleBE(31)).toBe(-0);
  expect(bytes.length).toBe(39);
});

it(`writes any text as UTF-8, after its size or with escapes (seed ${SEED})`, () => {
  const text = fc.string({ unit: "grapheme", maxLength: 200 }).filter((sample) => !sample.includes("\0"));
  const special = fc.string({
    unit: fc.constantFrom("\t", "\n", "\r", "\\\\", "\v", "a", "é"),
    maxLength: 100,
  });
  const property = fc.property(fc.oneof(text, special), (sample) => {
    const out = new ByteWriter(8);
    out.sizedText(sample);
    out.escapedText(sample);
    const bytes = out.take();
    const size = bytes.readInt32BE(0);
    expect(bytes.toString("utf8", 4, 4 + size)).toBe(sample);
    const escaped = bytes.toString("utf8", 4 + size);
    expect(escaped).not.toMatch(/[\t\n\r]/);
    expect(unescape(escaped)).toBe(sample);
  });
  fc.assert(property, { seed: SEED, numRuns: 1000 });
});

it("keeps what was written before when it grows or is cut back, and gives each piece away", () => {
  const out = new ByteWriter(4);
  out.text("kept ");
  const { length } = out;
  out.text("dropped");
  out.truncate(length);
  out.bytes(Buffer.from("too"));
  const first = out.take();
  out.text("second");
  expect(first.toString()).toBe("kept too");
  expect(out.take().toString()).toBe("second");
});

it("does not stay large after a large value", () => {
  const out = new ByteWriter(1024);
  out.text("x".repeat(1_000_000));
  out.take();
  out.text("small");
  expect(out.take().buffer.byteLength).toBe(1024);
});

function unescape(text: string): string {
  const characters: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "\\": "\\" };
  return text.replaceAll(/\\(.)/g, (_all, letter: string) => characters[letter] ?? "?");
}
