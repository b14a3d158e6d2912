import { describe, expect, it } from "vitest";
import { cutToWidth } from "../src/text-width.ts";

describe("cutToWidth()", () => {
  it.each([
    ["plain text", 5, "plain"],
    ["plain text", 10, "plain text"],
    ["plain text", 0, ""],
    ["čćžšđ…", 5, "čćžšđ"],
    ["東京タワー", 5, "東京"],
    ["🎵🎵🎵", 5, "🎵🎵"],
    ["a\u0301b", 2, "a\u0301"],
  ])("cuts %j to %d columns: %j", (text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });
});
