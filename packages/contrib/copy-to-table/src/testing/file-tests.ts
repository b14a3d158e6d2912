import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { gzip, MemoryTarget } from "@leat/core";
import { csvFile, type RowFile, tsvFile } from "../row-file.ts";
import {
  assertNothingLoaded,
  failingLoad,
  type LoadCapabilities,
  type LoadSpec,
  type LoadTest,
  type LoadWorkspace,
  load,
} from "./load-workspace.ts";

/** Bytes of a file as a stream gives them. */
async function* pieces(texts: readonly string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

/** Files that the database reads itself. */
export function fileTests(test: LoadTest, { types }: LoadCapabilities): void {
  const columns = [
    ["n", types.bigint],
    ["value", types.text],
  ] as const;
  const specOf = (file: RowFile): LoadSpec => ({ table: "t", columns, rows: () => file });
  const content = (workspace: LoadWorkspace): Promise<readonly object[]> =>
    workspace.query("select n, value from t order by n");

  test("loads a CSV file with quotes, line ends inside fields, nulls, a header and a byte order mark", async (workspace) => {
    const target = new MemoryTarget("in.csv");
    await target.writeText('\u{FEFF}n,value\n1,"a ""b"", c"\n2,"line\nend"\n3,\n4,""\n5,\\N\n6,東京\n');
    await load(workspace, specOf(csvFile(target, { header: true })));
    assert.deepEqual(await content(workspace), [
      { n: "1", value: 'a "b", c' },
      { n: "2", value: "line\nend" },
      { n: "3", value: null },
      { n: "4", value: "" },
      { n: "5", value: "\\N" },
      { n: "6", value: "東京" },
    ]);
  });

  test("loads a TSV file with escapes and nulls, compressed", async (workspace) => {
    const target = new MemoryTarget("in.tsv.gz", { format: gzip() });
    await target.writeText("1\ta\\tb\\nc\\\\\n2\t\\N\n3\t\n");
    await load(workspace, specOf(tsvFile(target)));
    assert.deepEqual(await content(workspace), [
      { n: "1", value: "a\tb\nc\\" },
      { n: "2", value: null },
      { n: "3", value: "" },
    ]);
  });

  test("loads bytes of a stream with another delimiter, without a line end at the end", async (workspace) => {
    const bytes = pieces(["1;on", "e\n2;tw", "o"]);
    await load(workspace, specOf(csvFile(bytes, { delimiter: ";" })));
    assert.deepEqual(await content(workspace), [
      { n: "1", value: "one" },
      { n: "2", value: "two" },
    ]);
  });

  test("names the line of a value that the server refuses", async (workspace) => {
    const target = new MemoryTarget("in.tsv");
    await target.writeText("1\ta\nx\tb\n");
    const error = await failingLoad(workspace, specOf(tsvFile(target)));
    assert.equal(error.code, "TARGET_INVALID_DATA");
    assert.equal(error.details["line"], 2);
    assert.equal(error.details["column"], "n");
    await assertNothingLoaded(workspace, specOf(tsvFile(target)));
  });

  test("refuses lines with too few or too many fields", async (workspace) => {
    for (const line of ["2", "2\tb\tc"]) {
      const target = new MemoryTarget("in.tsv");
      await target.writeText(`1\ta\n${line}\n`);
      assert.equal((await failingLoad(workspace, specOf(tsvFile(target)))).code, "TARGET_INVALID_DATA");
      await assertNothingLoaded(workspace, specOf(tsvFile(target)));
    }
  });

  test("refuses a line that would end the data, wherever the bytes are cut", async (workspace) => {
    const text = "1\ta\n\\.\n2\tb\n";
    for (let at = 1; at < text.length; at++) {
      const spec = specOf(tsvFile(pieces([text.slice(0, at), text.slice(at)])));
      assert.equal((await failingLoad(workspace, spec)).code, "TARGET_INVALID_DATA", `cut at ${at}`);
    }
    for (const whole of ["\\.\n1\ta\n", "1\ta\n\\."]) {
      const target = new MemoryTarget("in.tsv");
      await target.writeText(whole);
      assert.equal(
        (await failingLoad(workspace, specOf(tsvFile(target)))).code,
        "TARGET_INVALID_DATA",
        whole,
      );
    }
    await assertNothingLoaded(workspace, specOf(csvFile(new MemoryTarget("none"))));
  });

  test("refuses line ends of two kinds, wherever the bytes are cut", async (workspace) => {
    for (const text of ["1\ta\n2\tb\r\n3\tc\n", "1\ta\r\n2\tb\n3\tc\r\n"]) {
      for (let at = 1; at < text.length; at++) {
        const spec = specOf(tsvFile(pieces([text.slice(0, at), text.slice(at)])));
        assert.equal((await failingLoad(workspace, spec)).code, "TARGET_INVALID_DATA", `cut at ${at}`);
      }
    }
    await assertNothingLoaded(workspace, specOf(tsvFile(pieces([]))));
  });

  test("takes no empty chunk for the end of the file", async (workspace) => {
    await load(workspace, specOf(csvFile(pieces(["", "1,a\n", "", "2,b\n", ""]))));
    assert.equal((await content(workspace)).length, 2);
  });

  test("refuses a stream of text, and fails when its stream ends before its time", async (workspace) => {
    const text = Readable.from(["1,a\n"]) as unknown as AsyncIterable<Uint8Array>;
    assert.equal((await failingLoad(workspace, specOf(csvFile(text)))).code, "OPTION_INVALID");
    const cut = new Readable({ read: () => {} });
    cut.push("1,a\n");
    setImmediate(() => cut.destroy());
    await assert.rejects(load(workspace, specOf(csvFile(cut))), { code: "ERR_STREAM_PREMATURE_CLOSE" });
    await assertNothingLoaded(workspace, specOf(csvFile(cut)));
  });

  test("fails as a whole when the file is missing or damaged", async (workspace) => {
    const missing = new MemoryTarget("missing.tsv");
    assert.equal((await failingLoad(workspace, specOf(tsvFile(missing)))).code, "TARGET_NOT_FOUND");
    const damaged = new MemoryTarget("in.tsv.gz");
    await damaged.writeText("this is not gzip");
    const read = new MemoryTarget("in.tsv.gz", { format: gzip(), fileSystem: damaged.fileSystem });
    assert.equal((await failingLoad(workspace, specOf(tsvFile(read)))).code, "TARGET_INVALID_DATA");
    await assertNothingLoaded(workspace, specOf(tsvFile(missing)));
  });

  test("refuses options that only rows can have", async (workspace) => {
    const target = new MemoryTarget("in.tsv");
    await target.writeText("1\ta\n");
    const mapped = [
      ["n", types.bigint, { map: String }],
      ["value", types.text],
    ] as const;
    const spec = { ...specOf(tsvFile(target)), columns: mapped };
    assert.equal((await failingLoad(workspace, spec)).code, "OPTION_INVALID");
    const rejects = { target: new MemoryTarget("rejects"), limit: 1 };
    assert.equal(
      (await failingLoad(workspace, { ...specOf(tsvFile(target)), rejects })).code,
      "OPTION_INVALID",
    );
  });
}
