import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { MemoryTarget } from "@leat/core";
import { batches } from "../row-source.ts";
import {
  countRows,
  failingLoad,
  type LoadCapabilities,
  type LoadSpec,
  type LoadTest,
  load,
  makeLoad,
  runTask,
} from "./load-workspace.ts";

/** A load that does its work: what is there afterwards. */
export function loadTests(test: LoadTest, { types }: LoadCapabilities): void {
  const columns = [
    ["name", types.text],
    ["plays", types.bigint],
  ] as const;
  const songs: LoadSpec = {
    table: "songs",
    columns,
    rows: () => [
      ["Waterloo", 5],
      ["SOS", 7],
    ],
  };

  test("makes the table, loads all rows and is complete", async (workspace) => {
    const task = makeLoad(workspace, songs);
    assert.equal(await task.complete(), false);
    await runTask(task);
    assert.equal(await task.complete(), true);
    assert.deepEqual(await workspace.query("select name, plays from songs order by plays"), [
      { name: "Waterloo", plays: "5" },
      { name: "SOS", plays: "7" },
    ]);
  });

  test("loads nothing when it is complete", async (workspace) => {
    await load(workspace, songs);
    await load(workspace, { ...songs, rows: () => assert.fail("rows() was called") });
    assert.equal(await countRows(workspace, "songs"), 2);
  });

  test("with no rows makes the table and is complete", async (workspace) => {
    await load(workspace, { ...songs, rows: () => [] });
    assert.equal(await makeLoad(workspace, songs).complete(), true);
    assert.equal(await countRows(workspace, "songs"), 0);
  });

  test("takes rows from sync and async generators, and in batches of any size", async (workspace) => {
    const row = ["SOS", 7] as const;
    const sources: LoadSpec["rows"][] = [
      function* () {
        yield row;
        yield row;
      },
      async function* () {
        yield row;
        yield row;
      },
      () => batches([[row], [], [row]]),
      () =>
        batches(
          (async function* () {
            yield [row, row];
          })(),
        ),
    ];
    for (const [index, rows] of sources.entries())
      await load(workspace, { ...songs, id: `load ${index}`, rows });
    assert.equal(await countRows(workspace, "songs"), 8);
  });

  test("loads numbers of rows around the size of a batch", async (workspace) => {
    for (const count of [1, 999, 1000, 1001, 2500]) {
      const rows = Array.from({ length: count }, (_, index) => [`song ${index}`, index]);
      await load(workspace, { ...songs, table: `songs${count}`, id: `load ${count}`, rows: () => rows });
      assert.equal(await countRows(workspace, `songs${count}`), count);
    }
  });

  test("leaves an existing table as it is: other columns get their defaults", async (workspace) => {
    await workspace.query(
      `create table songs (plays ${types.bigint}, rating ${types.bigint} default 3, name ${types.text})`,
    );
    await load(workspace, songs);
    assert.deepEqual(await workspace.query("select * from songs where name = 'SOS'"), [
      { plays: "7", rating: "3", name: "SOS" },
    ]);
  });

  test("makes the table by its own definition", async (workspace) => {
    const tableDefinition = `plays ${types.bigint}, name ${types.text}, rating ${types.bigint} default 4`;
    await load(workspace, { ...songs, tableDefinition });
    assert.deepEqual(await workspace.query("select * from songs where name = 'SOS'"), [
      { plays: "7", name: "SOS", rating: "4" },
    ]);
  });

  test("without types refuses a missing table before it asks for rows, and loads into an existing one", async (workspace) => {
    const untyped = { ...songs, columns: ["name", "plays"] };
    const error = await failingLoad(workspace, { ...untyped, rows: () => assert.fail("rows() was called") });
    assert.equal(error.code, "TARGET_NOT_FOUND");
    assert.match(error.message, /songs/);
    await workspace.query(`create table songs (name ${types.text}, plays ${types.bigint})`);
    await load(workspace, untyped);
    assert.equal(await countRows(workspace, "songs"), 2);
  });

  test("refuses columns that are empty, unnamed or given twice, and tables without a name", async (workspace) => {
    const wrong: Partial<LoadSpec>[] = [
      { columns: [] },
      { columns: ["", "plays"] },
      { columns: ["name", "name"] },
      { columns: [["name", " "]] },
      { table: "" },
      { table: "a.b.c" },
      { table: "a." },
    ];
    for (const part of wrong)
      assert.equal((await failingLoad(workspace, { ...songs, ...part })).code, "OPTION_INVALID");
  });

  test("quotes names with capitals, blanks, quotes, dots and SQL in them, and reserved words", async (workspace) => {
    const { identifier, query } = workspace;
    const names = ["Upper Case", 'quo"te', "back`tick", "select", "x'; drop table songs; --", "per%cent"];
    for (const name of names) {
      await load(workspace, {
        ...songs,
        id: name,
        table: name,
        columns: names.map((column) => [column, types.text]),
        rows: () => [names],
      });
      assert.deepEqual(await query(`select * from ${identifier(name)}`), [
        Object.fromEntries(names.map((column) => [column, column])),
      ]);
    }
    await load(workspace, { ...songs, id: "dot", table: '"dot.ted"' });
    assert.equal(await countRows(workspace, "dot.ted"), 2);
  });

  test("loads into a table of another schema, and adds metadata columns to that one alone", async (workspace) => {
    const { query } = workspace;
    const schema = `other_${randomBytes(6).toString("hex")}`;
    const definition = `(name ${types.text}, plays ${types.bigint}`;
    await query(`create table songs ${definition}, source ${types.text})`);
    await query(`create schema ${schema}`);
    try {
      await query(`create table ${schema}.songs ${definition})`);
      const metadataColumns = [["source", types.text]] as const;
      await load(workspace, { ...songs, table: `${schema}.songs`, metadataColumns });
      assert.deepEqual(await query(`select count(*) as n, count(source) as sources from ${schema}.songs`), [
        { n: "2", sources: "0" },
      ]);
      assert.equal(await countRows(workspace, "songs"), 0);
    } finally {
      await query(`drop table if exists ${schema}.songs`);
      await query(`drop schema ${schema}`);
    }
  });

  test("refuses modes, limits and rows that are none, and what the compiler does not see", async (workspace) => {
    const wrong: readonly object[] = [
      { mode: "upsert" },
      { mode: { upsertKey: ["name"] } },
      { mode: { upsertBy: "name" } },
      { mode: { replaceWhere: "name" } },
      { rows: () => undefined },
      { rows: () => "Waterloo" },
      { rejects: { target: new MemoryTarget("rejects"), limit: -1 } },
      { rejects: { target: new MemoryTarget("rejects"), limit: Number.NaN } },
    ];
    for (const [index, part] of wrong.entries()) {
      const error = await failingLoad(workspace, { ...songs, ...part });
      assert.equal(error.code, "OPTION_INVALID", `${index}: ${error.message}`);
    }
    assert.equal(await makeLoad(workspace, songs).complete(), false);
  });

  test("names a type that the database does not have", async (workspace) => {
    const columns = [["name", "txt"]] as const;
    const error = await failingLoad(workspace, { ...songs, columns });
    // MySQL takes a type that it does not know for a mistake of grammar.
    assert.match(error.code, /^TARGET_(NOT_FOUND|UNSUPPORTED)$/);
    assert.match(error.message, /songs.*txt/);
  });

  test("names a column that the table does not have", async (workspace) => {
    await workspace.query(`create table songs (name ${types.text}, plays ${types.bigint})`);
    const error = await failingLoad(workspace, { ...songs, columns: ["name", "playz"] });
    assert.equal(error.code, "TARGET_NOT_FOUND");
    assert.match(error.message, /playz.*songs|songs.*playz/);
    assert.equal(await countRows(workspace, "songs"), 0);
  });

  test("runs its hooks once, in order, in the transaction", async (workspace) => {
    const steps: string[] = [];
    const count = "select count(*) as n from songs";
    await load(workspace, {
      ...songs,
      rows: function* () {
        steps.push("rows");
        yield ["SOS", 7];
      },
      beforeCopy: async (sql) => {
        await sql.query("insert into songs (name, plays) values ('before', 1)");
        steps.push(`before ${(await sql.query(count)).rows[0]?.["n"]}`);
      },
      afterCopy: async (sql) => {
        steps.push(`after ${(await sql.query(count)).rows[0]?.["n"]}`);
        steps.push(`others ${(await workspace.query(count))[0]?.["n"]}`);
      },
    });
    assert.deepEqual(steps, ["before 1", "rows", "after 2", "others 0"]);
  });

  test("lets a hook ask several things at once", async (workspace) => {
    const seen: unknown[] = [];
    await load(workspace, {
      ...songs,
      afterCopy: async (sql) => {
        const texts = ["Waterloo", "SOS"].map((name) => `select plays from songs where name = '${name}'`);
        const results = await Promise.all(texts.map((text) => sql.query(text)));
        for (const { rows } of results) seen.push(String(rows[0]?.["plays"]));
      },
    });
    assert.deepEqual(seen, ["5", "7"]);
  });

  test("adds metadata columns that are missing, once, and fills them at the end", async (workspace) => {
    const metadata = {
      metadataColumns: [["source", types.text]] as const,
      metadataQueries: ["update songs set source = 'here' where source is null"],
    };
    await load(workspace, { ...songs, ...metadata });
    await load(workspace, { ...songs, ...metadata, id: "second" });
    assert.deepEqual(await workspace.query("select count(*) as n, count(source) as filled from songs"), [
      { n: "4", filled: "4" },
    ]);
  });

  test("adds metadata columns once when several loads do so at the same time", async (workspace) => {
    await workspace.query(`create table songs (name ${types.text}, plays ${types.bigint})`);
    const metadataColumns = [["source", types.text]] as const;
    const ids = ["a", "b", "c", "d"];
    await Promise.all(ids.map((id) => load(workspace, { ...songs, id, metadataColumns })));
    assert.equal(await countRows(workspace, "songs"), 8);
  });

  test("is loaded once by several that run it at the same time", async (workspace) => {
    const all = await Promise.all(Array.from({ length: 4 }, () => runTask(makeLoad(workspace, songs))));
    assert.equal(await countRows(workspace, "songs"), 2);
    assert.equal(all.filter((lines) => lines.some((line) => line.startsWith("Loaded 2 rows"))).length, 1);
  });

  test("adds up with other loads into the same table at the same time", async (workspace) => {
    await Promise.all(["a", "b", "c"].map((id) => load(workspace, { ...songs, id })));
    assert.equal(await countRows(workspace, "songs"), 6);
  });
}
