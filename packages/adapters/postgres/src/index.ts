export {
  batches,
  type Column,
  type ColumnOptions,
  csvFile,
  type LoadMode,
  type RejectOptions,
  type Row,
  type RowSource,
  type Sql,
  type SqlResult,
  tsvFile,
} from "@leat/copy-to-table";
export { PostgresCopyToTable } from "./postgres-copy-to-table.ts";
export type { PostgresConnection, PostgresTargetOptions } from "./postgres-options.ts";
export { PostgresQuery } from "./postgres-query.ts";
export {
  type PostgresTableOptions,
  PostgresTableTarget,
  type ReadRowsOptions,
} from "./postgres-table-target.ts";
export { findMarkers, PostgresTarget } from "./postgres-target.ts";
