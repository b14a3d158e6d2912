export {
  batches,
  csvFile,
  tsvFile,
  type Column,
  type ColumnOptions,
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
} from "@leat/copy-to-table";
export { MysqlCopyToTable } from "./mysql-copy-to-table.ts";
export type { MysqlConnection, MysqlTargetOptions } from "./mysql-options.ts";
export { MysqlQuery } from "./mysql-query.ts";
export { MysqlTableTarget, type MysqlTableOptions } from "./mysql-table-target.ts";
export { findMarkers, MysqlTarget } from "./mysql-target.ts";
export type { MysqlSessionConnection } from "./user-connection.ts";
