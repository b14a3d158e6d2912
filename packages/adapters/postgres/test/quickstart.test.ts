import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { runTask } from "@leat/copy-to-table/testing";
import { ExternalTask, LocalTarget, p, Temporal } from "@leat/core";
import { PostgresCopyToTable } from "@leat/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describePostgres, query } from "./postgres-servers.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "leat-"));
});
afterAll(() => rm(folder, { recursive: true }));

class TopSongs extends ExternalTask.with({ date: p.date(), country: p.string() }) {
  override output() {
    return new LocalTarget(path.join(folder, `top-${this.country}-${this.date}.tsv`));
  }
}

class LoadTopSongs extends PostgresCopyToTable.with({ date: p.date(), country: p.string() }) {
  override readonly table = "top_songs";
  override readonly columns = [
    ["song", "text"],
    ["plays", "bigint"],
  ] as const;
  override requires() {
    return new TopSongs({ date: this.date, country: this.country });
  }
  override async *rows() {
    for await (const line of this.input().readLines()) yield line.split("\t");
  }
}

describePostgres("The loader of the quickstart", (server) => {
  it("loads a file by the environment's DATABASE_URL, once", async () => {
    const url = await server().createDatabase();
    process.env["DATABASE_URL"] = url;
    const load = new LoadTopSongs({ date: Temporal.PlainDate.from("2026-11-20"), country: "se" });
    await load.requires().output().writeLines(["Dancing Queen\t9007199254740993", "Waterloo\t5"]);
    expect(await load.complete()).toBe(false);
    await runTask(load);
    expect(await load.complete()).toBe(true);
    expect(await runTask(load)).toEqual([
      `Nothing to do for top_songs: the marker ${load.id} is there already.`,
    ]);
    expect(await query(url, "select * from top_songs order by plays desc")).toEqual([
      { song: "Dancing Queen", plays: "9007199254740993" },
      { song: "Waterloo", plays: "5" },
    ]);
    expect(await query(url, "select update_id, target_table from table_updates")).toEqual([
      { update_id: load.id, target_table: "top_songs" },
    ]);
  });

  it("takes its table from a parameter", async () => {
    class LoadAny extends PostgresCopyToTable.with({ table: p.string() }) {
      override readonly columns = [["song", "text"]] as const;
      override rows() {
        return [["SOS"]];
      }
    }
    const url = await server().createDatabase();
    process.env["DATABASE_URL"] = url;
    for (const table of ["songs", "Other Songs"]) await runTask(new LoadAny({ table }));
    expect(await query(url, "select target_table from table_updates order by 1")).toEqual([
      { target_table: "Other Songs" },
      { target_table: "songs" },
    ]);
  });
});
