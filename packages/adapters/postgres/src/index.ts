export {
  batches,
  type Column,
  type ColumnOptions,
  csvFile,
  type LoaderCapabilities,
  type LoadMode,
  type PartRange,
  type PartValue,
  type ReadRowsOptions,
  type RejectOptions,
  type Row,
  type RowSource,
  type Sql,
  type SqlResult,
  type TablePart,
  tsvFile,
} from "@leat/copy-to-table";
export { PostgresCopyToTable } from "./postgres-copy-to-table.ts";
export type { PostgresConnection, PostgresTargetOptions } from "./postgres-options.ts";
export { PostgresQuery } from "./postgres-query.ts";
export { type PostgresTableOptions, PostgresTableTarget } from "./postgres-table-target.ts";
export { findMarkers, PostgresTarget } from "./postgres-target.ts";
