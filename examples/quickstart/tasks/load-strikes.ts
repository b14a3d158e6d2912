import type { Sql } from "@leat/postgres";
import { p } from "leat";
import { CleanStrikes } from "./clean-strikes.ts";
import { LoadCleanFile } from "./load-clean-file.ts";

/** The strikes of one year in the database. */
export class LoadStrikes extends LoadCleanFile.with({
  year: p.int({ description: "Year of the strikes." }),
}) {
  override readonly table = "quickstart_strikes";
  override readonly columns = [
    ["date", "date not null"],
    ["airport", "text not null"],
    ["aircraft", "text not null"],
    ["operator", "text not null"],
    ["species", "text not null"],
    ["size", "text not null"],
    ["phase", "text not null"],
    ["time_of_day", "text not null"],
    ["damage", "text not null"],
    ["speed_knots", "integer"],
    ["repair_cost", "integer not null"],
    ["cost", "integer not null"],
  ] as const;

  override requires() {
    return new CleanStrikes({ year: this.year });
  }

  /** All years are in one table: a load makes room for itself alone. */
  override async beforeCopy(sql: Sql) {
    await sql.query(`delete from ${this.table} where extract(year from date) = $1`, [this.year]);
  }
}
