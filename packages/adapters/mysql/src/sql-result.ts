import type { SqlResult } from "@leat/copy-to-table";
import type { QueryResult, ResultSetHeader, RowDataPacket } from "mysql2";

/** What the driver gave for a statement. A procedure gives several results; the first one that has rows counts. */
export function sqlResult(result: QueryResult): SqlResult {
  if (!Array.isArray(result)) return { rows: [], rowCount: result.affectedRows };
  const [first] = result as (RowDataPacket | RowDataPacket[] | ResultSetHeader)[];
  const rows = (Array.isArray(first) ? first : result) as RowDataPacket[];
  return { rows, rowCount: rows.length };
}
