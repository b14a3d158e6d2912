import { CopyToTable, type Dialect, type LoaderCapabilities } from "@leat/copy-to-table";
import { MARKER_TABLE, type PostgresConnection } from "./postgres-options.ts";
import { postgresDialect } from "./postgres-session.ts";
import { PostgresTarget } from "./postgres-target.ts";

/**
 * Loads rows into a table of PostgreSQL by COPY, exactly once: rows and marker are written in one transaction.
 *
 *     class LoadPlays extends PostgresCopyToTable.with({ date: p.date() }) {
 *       override readonly table = "plays";
 *       override readonly columns = [["song", "text"], ["plays", "bigint"]] as const;
 *       override requires() {
 *         return new Plays({ date: this.date });
 *       }
 *       override async *rows() {
 *         for await (const line of this.input().readLines()) yield line.split("\t");
 *       }
 *     }
 */
export abstract class PostgresCopyToTable extends CopyToTable {
  /** What these loads can do, and what not. */
  static readonly capabilities: LoaderCapabilities = {
    atomicMarker: true,
    atomicReplace: true,
    parallelParts: true,
    upsertBesideOtherKeys: true,
    transactionalDdl: true,
    nonFiniteNumbers: true,
    rowOfServerErrors: true,
    stopsStatements: true,
  };

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
