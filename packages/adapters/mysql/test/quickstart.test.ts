import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ExternalTask, LocalTarget, p, Temporal } from "@leat/core";
import { runTask } from "@leat/copy-to-table/testing";
import { MysqlCopyToTable } from "@leat/mysql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDatabase, describeMysql, query } from "./mysql-servers.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "leat-"));
});
afterAll(() => rm(folder, { recursive: true }));

class TopSongs extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(path.join(folder, `top-${this.date}.tsv`));
  }
}

class LoadTopSongs extends MysqlCopyToTable.with({ date: p.date() }) {
  override readonly table = "top_songs";
  override readonly columns = [
    ["song", "varchar(200)"],
    ["plays", "bigint"],
  ] as const;
  override requires() {
    return new TopSongs({ date: this.date });
  }
  override async *rows() {
    for await (const line of this.input().readLines()) yield line.split("\t");
  }
}

describeMysql("The loader of the README", () => {
  it("loads a file by the environment's MYSQL_URL, once", async () => {
    const url = await createDatabase();
    process.env["MYSQL_URL"] = url;
    const load = new LoadTopSongs({ date: Temporal.PlainDate.from("2026-11-20") });
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
    class LoadAny extends MysqlCopyToTable.with({ table: p.string() }) {
      override readonly columns = [["song", "varchar(50)"]] as const;
      override rows() {
        return [["SOS"]];
      }
    }
    const url = await createDatabase();
    process.env["MYSQL_URL"] = url;
    for (const table of ["songs", "Other Songs"]) await runTask(new LoadAny({ table }));
    expect(await query(url, "select target_table from table_updates order by 1")).toEqual([
      { target_table: "Other Songs" },
      { target_table: "songs" },
    ]);
  });
});
