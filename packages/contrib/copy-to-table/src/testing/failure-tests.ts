import assert from "node:assert/strict";
import { MemoryTarget } from "@leat/core";
import {
  assertInvalid,
  assertNothingLoaded,
  countRows,
  failingLoad,
  type LoadCapabilities,
  type LoadSpec,
  type LoadTest,
  load,
  makeLoad,
  runTask,
} from "./load-workspace.ts";

/** A load that does not come to its end: nothing is there afterwards. */
export function failureTests(test: LoadTest, { types, rowOfServerErrors }: LoadCapabilities): void {
  const columns = [
    ["name", types.text],
    ["plays", types.bigint],
  ] as const;
  const good = ["Waterloo", 5];
  const spec: LoadSpec = { table: "songs", columns, rows: () => [good] };
  const many = (count: number): unknown[][] =>
    Array.from({ length: count }, (_, index) => [`song ${index}`, index]);

  for (const place of [1, 1000, 1001, 2500]) {
    test(`fails as a whole when row ${place} of 2500 is bad`, async (workspace) => {
      const rows = many(2500).with(place - 1, ["bad", "many"]);
      assertInvalid(await failingLoad(workspace, { ...spec, rows: () => rows }), place, "plays");
      await assertNothingLoaded(workspace, spec);
      await load(workspace, { ...spec, rows: () => many(2500) });
      assert.equal(await countRows(workspace, "songs"), 2500);
    });
  }

  const misshapen: readonly (readonly [string, unknown])[] = [
    ["few values", ["Waterloo"]],
    ["many values", ["Waterloo", 5, 6]],
    ["no values", []],
    ["text for a row", "Waterloo\t5"],
    ["an object for a row", { name: "Waterloo", plays: 5 }],
  ];
  for (const [what, row] of misshapen) {
    test(`refuses a row with ${what}`, async (workspace) => {
      const rows = (): unknown[][] => [good, row as unknown[]];
      assertInvalid(await failingLoad(workspace, { ...spec, rows }), 2, undefined);
      await assertNothingLoaded(workspace, spec);
    });
  }

  test("names row and column of what the server refuses", async (workspace) => {
    await workspace.query(`create table songs (name ${types.text}, plays ${types.bigint} not null)`);
    const error = await failingLoad(workspace, { ...spec, rows: () => [...many(1500), ["SOS", null]] });
    assert.equal(error.code, "TARGET_INVALID_DATA");
    if (rowOfServerErrors) assertInvalid(error, 1501, "plays");
    await assertNothingLoaded(workspace, spec);
  });

  test("fails when a row breaks a key of the table", async (workspace) => {
    await workspace.query(`create table songs (name ${types.shortText} primary key, plays ${types.bigint})`);
    const error = await failingLoad(workspace, {
      ...spec,
      rows: () => [
        ["a", 1],
        ["b", 2],
        ["a", 3],
      ],
    });
    assert.equal(error.code, "TARGET_INVALID_DATA");
    await assertNothingLoaded(workspace, spec);
  });

  test("fails with the error of its rows, and closes their generator", async (workspace) => {
    const reason = new Error("no more");
    await assert.rejects(
      load(workspace, {
        ...spec,
        rows: function* () {
          yield* many(5000);
          throw reason;
        },
      }),
      reason,
    );
    await assertNothingLoaded(workspace, spec);
    let isClosed = false;
    const rows = function* () {
      try {
        yield* many(5000);
        yield ["bad"];
      } finally {
        isClosed = true;
      }
    };
    await failingLoad(workspace, { ...spec, rows });
    assert.equal(isClosed, true);
  });

  test("fails with the error of a hook, and nothing of any hook stays", async (workspace) => {
    await load(workspace, { ...spec, id: "first" });
    const reason = new Error("hook");
    const insert = "insert into songs (name, plays) values ('hook', 1)";
    await assert.rejects(
      load(workspace, {
        ...spec,
        rows: () => assert.fail("rows() was called"),
        beforeCopy: async (sql) => {
          await sql.query(insert);
          throw reason;
        },
      }),
      reason,
    );
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      await sql.query(insert);
      throw reason;
    };
    await assert.rejects(load(workspace, { ...spec, afterCopy }), reason);
    assert.equal(await countRows(workspace, "songs"), 1);
    assert.equal(await makeLoad(workspace, spec).complete(), false);
  });

  test("reports a table that a hook does not find, and loads all rows in the next attempt", async (workspace) => {
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      await sql.query("insert into totals select count(*) from songs");
    };
    const error = await failingLoad(workspace, { ...spec, afterCopy });
    assert.equal(error.code, "TARGET_NOT_FOUND");
    assert.match(error.message, /totals/);
    await workspace.query(`create table totals (n ${types.bigint})`);
    await load(workspace, { ...spec, afterCopy });
    assert.deepEqual(await workspace.query("select n from totals"), [{ n: "1" }]);
  });

  test("fails when a hook hides an error that ended the transaction", async (workspace) => {
    await workspace.query(`create table songs (name ${types.text}, plays ${types.bigint} not null)`);
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      await sql.query("insert into songs (name, plays) values ('hook', null)").catch(() => {});
      await sql.query("select * from missing").catch(() => {});
    };
    const ended = await runTask(makeLoad(workspace, { ...spec, afterCopy })).then(
      () => "loaded",
      () => "failed",
    );
    // Databases differ in whether a failed statement ends the transaction; none may lose rows and call it done.
    const isLoaded = ended === "loaded";
    assert.equal(await makeLoad(workspace, spec).complete(), isLoaded);
    assert.equal(await countRows(workspace, "songs"), isLoaded ? 1 : 0);
  });

  test("ends when its signal aborts, also while its rows wait for ever", async (workspace) => {
    const reason = new Error("stop");
    const controller = new AbortController();
    const rows = async function* () {
      yield* many(5000);
      controller.abort(reason);
      await new Promise(() => {});
    };
    await assert.rejects(
      runTask(makeLoad(workspace, { ...spec, rows }), { signal: controller.signal }),
      reason,
    );
    await assertNothingLoaded(workspace, spec);
    const aborted = AbortSignal.abort(reason);
    await assert.rejects(runTask(makeLoad(workspace, spec), { signal: aborted }), reason);
    await load(workspace, spec);
    assert.equal(await countRows(workspace, "songs"), 1);
  });

  test("writes rows that do not fit to the target for rejects, and loads the others", async (workspace) => {
    const target = new MemoryTarget("rejects.jsonl");
    const rows = (): unknown[][] => [good, ["bad", "many"], ["few"], ["SOS", 7n], ["huge", 2n ** 64n]];
    await load(workspace, { ...spec, rows, rejects: { target, limit: 3 } });
    assert.equal(await countRows(workspace, "songs"), 2);
    const lines = (await target.readText()).trimEnd().split("\n");
    const rejected = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      rejected.map(({ row, column, values }) => [row, column, values]),
      [
        [2, "plays", ["bad", "many"]],
        [3, undefined, ["few"]],
        [5, "plays", ["huge", "18446744073709551616"]],
      ],
    );
    for (const { reason } of rejected) assert.ok(typeof reason === "string" && reason !== "");
  });

  test("fails when more rows do not fit than the limit of rejects", async (workspace) => {
    const target = new MemoryTarget("rejects.jsonl");
    const rows = (): unknown[][] => [["a", "x"], good, ["b", "y"], ["c", "z"]];
    assertInvalid(await failingLoad(workspace, { ...spec, rows, rejects: { target, limit: 2 } }), 4, "plays");
    await assertNothingLoaded(workspace, spec);
    assert.equal((await target.readText()).split("\n").length, 3);
  });

  test("counts rejected rows when the server refuses a later one", async (workspace) => {
    await workspace.query(`create table songs (name ${types.text}, plays ${types.bigint} not null)`);
    const rows = (): unknown[][] => [["few"], good, ["bad", "x"], ["SOS", null]];
    const rejects = { target: new MemoryTarget("rejects.jsonl"), limit: 10 };
    const error = await failingLoad(workspace, { ...spec, rows, rejects });
    if (rowOfServerErrors) assertInvalid(error, 4, "plays");
    await assertNothingLoaded(workspace, spec);
  });
}
