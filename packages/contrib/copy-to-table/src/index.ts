export { abortable } from "./abortable.ts";
export { attemptOrder, type AttemptOrder } from "./attempt-order.ts";
export { ByteWriter } from "./byte-writer.ts";
export type { Column, ColumnOptions, TypedColumn } from "./column.ts";
export { CopyToTable } from "./copy-to-table.ts";
export { DateTimeReader } from "./date-time-reader.ts";
export type { CommitOutcome, Dialect, LoadSession, Marker, Sql, SqlResult } from "./dialect.ts";
export { fencedOff } from "./fenced-off.ts";
export type { FileFeed } from "./file-feed.ts";
export type { LoadMode } from "./load-mode.ts";
export type { LoaderCapabilities } from "./loader-capabilities.ts";
export { type MarkerPlace, type MarkerStore, MarkerTarget } from "./marker-target.ts";
export { isTemporal, plainText } from "./plain-text.ts";
export { PoolCache } from "./pool-cache.ts";
export { QueryTask } from "./query-task.ts";
export type { RejectOptions } from "./rejects.ts";
export { CHUNK_BYTES, type RowEncoder } from "./row-encoder.ts";
export type { RowFeed } from "./row-feed.ts";
export { csvFile, type FileBytes, type RowFile, type RowFileOptions, tsvFile } from "./row-file.ts";
export { batches, type Row, type RowBatches, type RowSource } from "./row-source.ts";
export { statementAction } from "./statement-text.ts";
export { parseTableName, type TableName } from "./table-name.ts";
export {
  type PartCondition,
  type PartRange,
  type PartValue,
  partCondition,
  partText,
  type TablePart,
} from "./table-part.ts";
export { type ReadRowsOptions, TableTarget } from "./table-target.ts";
export { checkText } from "./text-checks.ts";
export { TextRowEncoder, type ToText } from "./text-row-encoder.ts";
export { RowError, ValueError } from "./value-error.ts";
