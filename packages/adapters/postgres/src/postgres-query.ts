import { type Dialect, QueryTask } from "@leat/copy-to-table";
import { MARKER_TABLE, type PostgresConnection } from "./postgres-options.ts";
import { postgresDialect } from "./postgres-session.ts";
import { PostgresTarget } from "./postgres-target.ts";

/**
 * Runs SQL in PostgreSQL once: statements and marker are one transaction.
 *
 *     class SumPlays extends PostgresQuery.with({ date: p.date() }) {
 *       override readonly table = "daily_plays";
 *       override async query(sql: Sql) {
 *         await sql.query("insert into daily_plays select day, count(*) from plays where day = $1 group by day", [
 *           this.date.toString(),
 *         ]);
 *       }
 *     }
 */
export abstract class PostgresQuery extends QueryTask {
  /** The database. Default: the environment, DATABASE_URL before PGHOST and the others. It is no part of the task's id. */
  readonly connection: PostgresConnection = undefined;

  /** The table that holds markers. */
  readonly markerTable: string = MARKER_TABLE;

  override output(): PostgresTarget {
    return new PostgresTarget(this.table, this.updateId, this);
  }

  protected override dialect(): Dialect {
    return postgresDialect(this);
  }
}
