import assert from "node:assert/strict";
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

  test("refuses an upsert by columns that are no key of the table, before it asks for rows", async (workspace) => {
    await load(workspace, base);
    const error = await failingLoad(workspace, { ...upsert, rows: () => assert.fail("rows() was called") });
    assert.equal(error.code, "TARGET_UNSUPPORTED");
    for (const upsertBy of [[], ["missing"]]) {
      assert.equal((await failingLoad(workspace, { ...upsert, mode: { upsertBy } })).code, "OPTION_INVALID");
    }
  });
}
