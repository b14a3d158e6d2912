import assert from "node:assert/strict";
import type { MarkerStatements } from "./statements.ts";

const IDS = [
  "case",
  "CASE",
  "blank",
  "blank ",
  " blank",
  "e",
  "é",
  "e\u{301}",
  "\u{1F600}",
  "\u{1F601}",
  `quotes ' " \` ; --`,
  "'); drop table table_updates; --",
  "back\\slash",
  "per%cent_",
  "{braces}*",
  "line\nend",
];

export const identity: MarkerStatements = {
  async "is kept apart from ids that differ in case, blanks, accents and emoji, whatever their characters"({
    target,
    findMarkers,
  }) {
    for (const id of IDS) {
      assert.equal(await target(id).exists(), false, id);
      assert.equal(await target(id).touch(), true, id);
    }
    assert.deepEqual(await findMarkers(IDS), new Set(IDS));
  },

  async "takes ids of 1 to 4096 characters, and cuts none"({ target, findMarkers }) {
    for (const length of [1, 128, 129, 4096]) {
      const id = "x".repeat(length);
      assert.equal(await target(id).touch(), true);
      assert.equal(await target(id).exists(), true);
      assert.equal(await target(`${id.slice(1)}y`).exists(), false);
      assert.deepEqual(await findMarkers([id, `${id}x`]), new Set([id]));
    }
  },

  async "is another one in another namespace of the store"({ target, elsewhere }) {
    assert.equal(await target("a").touch(), true);
    assert.equal(await elsewhere("a").exists(), false);
    assert.equal(await elsewhere("a").touch(), true);
    assert.equal(await elsewhere("a").remove(), true);
    assert.equal(await target("a").exists(), true);
  },
};
