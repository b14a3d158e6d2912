import { parseTableName } from "@leat/copy-to-table";
import { expect, it } from "vitest";

it.each([
  ["songs", undefined, "songs"],
  ["Songs of 2026", undefined, "Songs of 2026"],
  ["music.songs", "music", "songs"],
  ['"music.all".songs', "music.all", "songs"],
  ['music."top.songs"', "music", "top.songs"],
  ['"a ""b"" c"', undefined, 'a "b" c'],
  ['so"ngs', undefined, 'so"ngs'],
  ['"open', undefined, '"open'],
  ["songs; drop table songs", undefined, "songs; drop table songs"],
])("reads %s", (text, schema, name) => {
  expect(parseTableName(text)).toEqual({ schema, name });
});

it.each(["", ".", "a.", ".a", "a..b", "a.b.c", '"".a', "a\0b"])("refuses %j", (text) => {
  expect(() => parseTableName(text)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
});
