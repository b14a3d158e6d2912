export type Row = { readonly [column: string]: unknown };

/**
 * What history and logs need of a database. Statements hold to what SQLite and PostgreSQL both understand; values
 * stand as `$1`, `$2`, …. Both methods reject with a `ServerError`.
 */
export interface Database {
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Resolves to the number of rows that were changed. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
}
