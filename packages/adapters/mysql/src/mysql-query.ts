import { type Dialect, QueryTask } from "@leat/copy-to-table";
import { MARKER_TABLE, type MysqlConnection } from "./mysql-options.ts";
import { mysqlDialect } from "./mysql-session.ts";
import { MysqlTarget } from "./mysql-target.ts";

/**
 * Runs SQL in MySQL or MariaDB once: statements and marker are one transaction. Statements that MySQL commits by itself, such as
 * `CREATE TABLE`, need `autocommit`.
 *
 *     class SumPlays extends MysqlQuery.with({ date: p.date() }) {
 *       override readonly table = "daily_plays";
 *       override async query(sql: Sql) {
 *         await sql.query("insert into daily_plays select day, count(*) from plays where day = ? group by day", [
 *           this.date,
 *         ]);
 *       }
 *     }
 */
export abstract class MysqlQuery extends QueryTask {
  /** The database. Default: the URL in the environment variable MYSQL_URL. It is no part of the task's id. */
  readonly connection: MysqlConnection = undefined;

  /** The table that holds markers. */
  readonly markerTable: string = MARKER_TABLE;

  override output(): MysqlTarget {
    return new MysqlTarget(this.table, this.updateId, this);
  }

  protected override dialect(): Dialect {
    return mysqlDialect(this);
  }
}
