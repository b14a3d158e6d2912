import { CopyToTable, type Dialect, type LoaderCapabilities } from "@leat/copy-to-table";
import { MARKER_TABLE, type MysqlConnection } from "./mysql-options.ts";
import { mysqlDialect } from "./mysql-session.ts";
import { MysqlTarget } from "./mysql-target.ts";

/**
 * Loads rows into a table of MySQL or MariaDB by LOAD DATA, exactly once: rows and marker are written in one transaction.
 *
 *     class LoadPlays extends MysqlCopyToTable.with({ date: p.date() }) {
 *       override readonly table = "plays";
 *       override readonly columns = [["song", "varchar(200)"], ["plays", "bigint"]] as const;
 *       override requires() {
 *         return new Plays({ date: this.date });
 *       }
 *       override async *rows() {
 *         for await (const line of this.input().readLines()) yield line.split("\t");
 *       }
 *     }
 *
 * Hooks run in the transaction, so they cannot use statements that MySQL commits by itself, such as `CREATE TABLE`.
 */
export abstract class MysqlCopyToTable extends CopyToTable {
  /** What these loads can do, and what not. */
  static readonly capabilities: LoaderCapabilities = {
    atomicMarker: true,
    atomicReplace: true,
    parallelParts: false,
    upsertBesideOtherKeys: false,
    transactionalDdl: false,
    nonFiniteNumbers: false,
    rowOfServerErrors: true,
    stopsStatements: false,
  };

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
