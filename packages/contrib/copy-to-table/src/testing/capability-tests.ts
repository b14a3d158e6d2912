import assert from "node:assert/strict";
import {
  countRows,
  failingLoad,
  type LoadCapabilities,
  type LoadSpec,
  type LoadTest,
  load,
} from "./load-workspace.ts";

/** What not every database can do: it works where the loader declares it, and is refused elsewhere. */
export function capabilityTests(test: LoadTest, capabilities: LoadCapabilities): void {
  const { types } = capabilities;
  const columns = [
    ["id", types.bigint],
    ["name", types.shortText],
  ] as const;
  const spec: LoadSpec = { table: "songs", columns, rows: () => [[1, "SOS"]] };
  ddlTests(test, spec, capabilities);
  keyTests(test, spec, capabilities);
  if (capabilities.parallelParts) partTests(test, spec);
}

function ddlTests(test: LoadTest, spec: LoadSpec, { types, transactionalDdl }: LoadCapabilities): void {
  const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
    await sql.query(`create table totals (n ${types.bigint})`);
  };
  if (!transactionalDdl) {
    test("refuses hooks that make tables, as that would commit a part of the load", async (workspace) => {
      const error = await failingLoad(workspace, { ...spec, afterCopy });
      assert.equal(error.code, "TARGET_UNSUPPORTED");
      assert.equal(await countRows(workspace, "songs"), 0);
    });
    return;
  }
  test("lets hooks make tables, and undoes it with the load", async (workspace) => {
    const reason = new Error("late");
    const failing: LoadSpec["afterCopy"] = async (sql) => {
      await afterCopy(sql);
      throw reason;
    };
    await assert.rejects(load(workspace, { ...spec, afterCopy: failing }), reason);
    await load(workspace, { ...spec, afterCopy });
    assert.equal(await countRows(workspace, "totals"), 0);
  });
}

function keyTests(test: LoadTest, spec: LoadSpec, { types, upsertBesideOtherKeys }: LoadCapabilities): void {
  const tableDefinition = `id ${types.bigint} primary key, name ${types.shortText} unique`;
  const upsert: LoadSpec = { ...spec, tableDefinition, mode: { upsertBy: ["id"] } };
  if (!upsertBesideOtherKeys) {
    test("refuses an upsert where rows would go by another unique key as well", async (workspace) => {
      assert.equal((await failingLoad(workspace, upsert)).code, "TARGET_UNSUPPORTED");
    });
    return;
  }
  test("upserts by one of several keys, and takes a clash in another one for bad data", async (workspace) => {
    await load(workspace, upsert);
    const clash: LoadSpec = { ...upsert, id: "clash", rows: () => [[2, "SOS"]] };
    assert.equal((await failingLoad(workspace, clash)).code, "TARGET_INVALID_DATA");
    assert.equal(await countRows(workspace, "songs"), 1);
  });
}

function partTests(test: LoadTest, spec: LoadSpec): void {
  test("replaces two parts of a table at the same time, neither waiting for the other", async (workspace) => {
    await load(workspace, { ...spec, rows: () => [] });
    let waiting = 0;
    let meet = (): void => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const replace = (id: number): Promise<void> =>
      load(workspace, {
        ...spec,
        id: `part ${id}`,
        mode: { replaceWhere: { id } },
        async *rows() {
          if (++waiting === 2) meet();
          await met;
          yield [id, "new"];
        },
      });
    await Promise.all([replace(1), replace(2)]);
    assert.equal(await countRows(workspace, "songs"), 2);
  });
}
