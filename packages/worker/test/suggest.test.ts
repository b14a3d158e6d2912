import { describe, expect, it } from "vitest";
import { notFoundMessage } from "../src/suggest.ts";

const KNOWN = ["Top", "Boom", "Forgets", "TopSongs", "TopSong", "All"];

describe("a name that is not there", () => {
  const cases: [wanted: string, cure: string][] = [
    ["Topp", "Did you mean Top?"],
    ["topsong", "Did you mean TopSong or TopSongs?"],
    ["TopSonks", "Did you mean TopSongs or TopSong?"],
    ["forget", "Did you mean Forgets?"],
    ["Xyz", "There are Top, Boom, Forgets, TopSongs, TopSong, All."],
    ["", "There are Top, Boom, Forgets, TopSongs, TopSong, All."],
  ];

  it.each(cases)("%j: %s", (wanted, cure) => {
    expect(notFoundMessage("task", wanted, KNOWN)).toBe(
      `There is no task ${JSON.stringify(wanted)}. ${cure}`,
    );
  });

  it("lists twenty names of many", () => {
    const names = Array.from({ length: 30 }, (_, n) => `LongTaskName${n}`);
    expect(notFoundMessage("task", "x", names)).toMatch(/LongTaskName19, …\.$/);
  });

  it("suggests three names at most", () => {
    const names = ["Songs1", "Songs2", "Songs3", "Songs4"];
    expect(notFoundMessage("task", "Songs", names)).toMatch(/Did you mean Songs1 or Songs2 or Songs3\?$/);
  });
});
