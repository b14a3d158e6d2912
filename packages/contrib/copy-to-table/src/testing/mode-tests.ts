import assert from "node:assert/strict";
import { MemoryTarget, Temporal } from "@leat/core";
import { csvFile } from "../row-file.ts";
import type { TablePart } from "../table-part.ts";
import {
  countRows,
  failingLoad,
  type LoadCapabilities,
  type LoadSpec,
  type LoadTest,
  type LoadWorkspace,
  load,
  makeLoad,
} from "./load-workspace.ts";

/** What becomes of the rows that were there before. */
export function modeTests(test: LoadTest, { types }: LoadCapabilities): void {
  const columns = [
    ["id", types.bigint],
    ["name", types.text],
  ] as const;
  const base: LoadSpec = {
    table: "songs",
    columns,
    rows: () => [
      [1, "old"],
      [2, "old"],
    ],
  };
  const upsert: LoadSpec = {
    ...base,
    id: "upsert",
    mode: { upsertBy: ["id"] },
    rows: () => [
      [2, "new"],
      [3, "new"],
    ],
  };
  const content = (workspace: LoadWorkspace): Promise<readonly object[]> =>
    workspace.query("select id, name from songs order by id, name");

  test("appends to the rows that are there", async (workspace) => {
    await load(workspace, base);
    await load(workspace, { ...base, id: "second" });
    assert.equal(await countRows(workspace, "songs"), 4);
  });

  test("replaces all rows, and readers see the old ones until all new ones are there", async (workspace) => {
    await load(workspace, base);
    const seen: unknown[] = [];
    await load(workspace, {
      ...base,
      id: "second",
      mode: "replace",
      rows: async function* () {
        seen.push(await content(workspace));
        yield [3, "new"];
      },
      afterCopy: async () => void seen.push(await content(workspace)),
    });
    const old = [
      { id: "1", name: "old" },
      { id: "2", name: "old" },
    ];
    assert.deepEqual(seen, [old, old]);
    assert.deepEqual(await content(workspace), [{ id: "3", name: "new" }]);
  });

  test("keeps the old rows when a load that replaces them fails", async (workspace) => {
    await load(workspace, base);
    await failingLoad(workspace, {
      ...base,
      id: "second",
      mode: "replace",
      rows: () => [
        [3, "new"],
        ["x", "bad"],
      ],
    });
    assert.equal(await countRows(workspace, "songs"), 2);
  });

  test("of loads that replace at the same time leaves the rows of one", async (workspace) => {
    await load(workspace, base);
    const ids = ["a", "b", "c"];
    const replace = (id: string): Promise<void> =>
      load(workspace, {
        ...base,
        id,
        mode: "replace",
        rows: () => [
          [1, id],
          [2, id],
        ],
      });
    await Promise.all(ids.map(replace));
    const rows = await workspace.query("select distinct name from songs");
    assert.equal(rows.length, 1);
    assert.equal(await countRows(workspace, "songs"), 2);
  });

  const days = [
    ["day", types.date],
    ["name", types.text],
  ] as const;
  const night: LoadSpec = {
    table: "plays",
    columns: days,
    rows: () => [
      ["2026-11-19", "old"],
      ["2026-11-20", "old"],
      ["2026-11-20", "old"],
    ],
  };
  const reload: LoadSpec = {
    ...night,
    id: "reload",
    mode: { replaceWhere: { day: "2026-11-20" } },
    rows: () => [["2026-11-20", "new"]],
  };
  const plays = (workspace: LoadWorkspace): Promise<readonly object[]> =>
    workspace.query("select day, name from plays order by day, name");

  test("replaces a part of the table, and readers see the old part until the new one is there", async (workspace) => {
    await load(workspace, night);
    const seen: unknown[] = [];
    await load(workspace, { ...reload, afterCopy: async () => void seen.push(await plays(workspace)) });
    const kept = { day: "2026-11-19", name: "old" };
    const old = { day: "2026-11-20", name: "old" };
    assert.deepEqual(seen, [[kept, old, old]]);
    assert.deepEqual(await plays(workspace), [kept, { day: "2026-11-20", name: "new" }]);
  });

  test("replaces a part by null, by several columns, by a range, and one that is empty", async (workspace) => {
    await load(workspace, {
      ...night,
      rows: () => [
        [null, "a"],
        ["2026-11-20", "a"],
        ["2026-11-21", "b"],
      ],
    });
    const parts: readonly (readonly [TablePart, unknown[][]])[] = [
      [{ day: null }, [[null, "new"]]],
      [{ day: "2026-11-20", name: "b" }, []],
      [{ day: "2026-11-20", name: "a" }, [["2026-11-20", "a"]]],
      [{ day: Temporal.PlainDate.from("2026-11-21") }, []],
      [{ day: { from: "2026-11-20", until: "2026-11-22" } }, [["2026-11-21", "c"]]],
      [{ day: "1999-01-01" }, []],
    ];
    for (const [replaceWhere, rows] of parts)
      await load(workspace, {
        ...night,
        id: JSON.stringify(replaceWhere),
        mode: { replaceWhere },
        rows: () => rows,
      });
    const found = await workspace.query("select day, name from plays order by name");
    assert.deepEqual(found, [
      { day: "2026-11-21", name: "c" },
      { day: null, name: "new" },
    ]);
  });

  test("refuses rows outside of the part that is replaced, of rows and of files, and keeps the old ones", async (workspace) => {
    await load(workspace, night);
    const file = new MemoryTarget("in.csv");
    await file.writeText("2026-11-20,new\n2026-11-21,new\n");
    const outside = [
      ["2026-11-20", "new"],
      ["2026-11-21", "new"],
    ];
    for (const rows of [() => outside, () => csvFile(file)]) {
      const error = await failingLoad(workspace, { ...reload, rows });
      assert.equal(error.code, "TARGET_INVALID_DATA");
      assert.match(error.message, /1 row .*day = 2026-11-20/);
    }
    assert.equal((await plays(workspace)).length, 3);
    await file.writeText("2026-11-20,new\n");
    await load(workspace, { ...reload, rows: () => csvFile(file) });
    assert.equal((await plays(workspace)).length, 2);
  });

  test("refuses a part that names no column, or one that the table does not have", async (workspace) => {
    await load(workspace, night);
    const rows = (): never => assert.fail("rows() was called");
    const none = await failingLoad(workspace, { ...reload, rows, mode: { replaceWhere: {} } });
    assert.equal(none.code, "OPTION_INVALID");
    const missing = await failingLoad(workspace, { ...reload, rows, mode: { replaceWhere: { dya: "x" } } });
    assert.equal(missing.code, "TARGET_NOT_FOUND");
    assert.equal((await plays(workspace)).length, 3);
  });

  test("of loads that replace parts at the same time leaves each part once", async (workspace) => {
    await load(workspace, { ...night, rows: () => [] });
    const jobs = ["2026-11-20", "2026-11-21", "2026-11-20", "2026-11-22", "2026-11-20"];
    const replace = (day: string, index: number): Promise<void> =>
      load(workspace, {
        ...reload,
        id: `${index}`,
        mode: { replaceWhere: { day } },
        rows: () => [
          [day, `load ${index}`],
          [day, `load ${index}`],
        ],
      });
    await Promise.all(jobs.map(replace));
    const found = await workspace.query(
      "select day, count(*) as n, count(distinct name) as loads from plays group by day order by day",
    );
    const once = { n: "2", loads: "1" };
    assert.deepEqual(
      found,
      [...new Set(jobs)].sort().map((day) => ({ day, ...once })),
    );
  });

  test("upserts by key: new rows take the place of old ones, others stay", async (workspace) => {
    await load(workspace, { ...base, mode: { upsertBy: ["id"] } });
    await load(workspace, upsert);
    const merged = [
      { id: "1", name: "old" },
      { id: "2", name: "new" },
      { id: "3", name: "new" },
    ];
    assert.deepEqual(await content(workspace), merged);
    await load(workspace, { ...upsert, id: "again" });
    assert.deepEqual(await content(workspace), merged);
  });

  test("upserts columns that are not in the rows by leaving them as they are", async (workspace) => {
    await workspace.query(
      `create table songs (id ${types.bigint} primary key, name ${types.text}, rating ${types.bigint})`,
    );
    await workspace.query("insert into songs values (2, 'old', 5)");
    await load(workspace, upsert);
    assert.deepEqual(await workspace.query("select * from songs order by id"), [
      { id: "2", name: "new", rating: "5" },
      { id: "3", name: "new", rating: null },
    ]);
  });

  test("upserts rows that are all key", async (workspace) => {
    const spec = {
      ...base,
      columns: [["id", types.bigint]] as const,
      mode: { upsertBy: ["id"] },
      rows: () => [[1], [2]],
    };
    await load(workspace, spec);
    await load(workspace, { ...spec, id: "second", rows: () => [[2], [3]] });
    assert.equal(await countRows(workspace, "songs"), 3);
  });

  test("refuses an upsert with the same key twice, or with null for a key", async (workspace) => {
    await load(workspace, { ...base, mode: { upsertBy: ["id"] } });
    const twice = await failingLoad(workspace, {
      ...upsert,
      rows: () => [
        [3, "a"],
        [3, "b"],
      ],
    });
    assert.equal(twice.code, "TARGET_INVALID_DATA");
    const missing = await failingLoad(workspace, {
      ...upsert,
      rows: () => [
        [3, "a"],
        [null, "b"],
      ],
    });
    assert.equal(missing.details["row"], 2);
    assert.equal(missing.details["column"], "id");
    assert.equal(await countRows(workspace, "songs"), 2);
    assert.equal(await makeLoad(workspace, upsert).complete(), false);
  });

  test("loads again what was forgotten; rows that were appended are not, as they would be there twice", async (workspace) => {
    const spec: LoadSpec = { ...reload, id: "day" };
    await load(workspace, spec);
    await makeLoad(workspace, spec).forget();
    await load(workspace, { ...spec, rows: () => [["2026-11-20", "newer"]] });
    assert.deepEqual(await plays(workspace), [{ day: "2026-11-20", name: "newer" }]);
    const appended = makeLoad(workspace, base);
    await appended.forget();
    await load(workspace, base);
    await assert.rejects(async () => appended.forget(), { code: "OPTION_INVALID", message: /twice/ });
    assert.equal(await appended.complete(), true);
  });

  test("refuses an upsert by columns that are no key of the table, before it asks for rows", async (workspace) => {
    await load(workspace, base);
    const error = await failingLoad(workspace, { ...upsert, rows: () => assert.fail("rows() was called") });
    assert.equal(error.code, "TARGET_UNSUPPORTED");
    for (const upsertBy of [[], ["missing"]]) {
      assert.equal((await failingLoad(workspace, { ...upsert, mode: { upsertBy } })).code, "OPTION_INVALID");
    }
  });
}
