import assert from "node:assert/strict";
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
    const pieces = async function* () {
      yield Buffer.from("1;on");
      yield Buffer.from("e\n2;tw");
      yield Buffer.from("o");
    };
    await load(workspace, specOf(csvFile(pieces(), { delimiter: ";" })));
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
      const pieces = async function* () {
        yield Buffer.from(text.slice(0, at));
        yield Buffer.from(text.slice(at));
      };
      assert.equal(
        (await failingLoad(workspace, specOf(tsvFile(pieces())))).code,
        "TARGET_INVALID_DATA",
        `cut at ${at}`,
      );
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
