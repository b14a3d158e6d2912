import { partCondition, type TableName, type TablePart } from "@leat/copy-to-table";
import { boundValues } from "./bound-values.ts";
import { quoteIdentifier, quoteTable } from "./identifiers.ts";

/** A statement with the values of its placeholders. */
interface BoundStatement {
  readonly sql: string;
  readonly values: unknown[];
}

/** A statement on a part of a table, or on all of it. */
export function onPart(verb: string, table: TableName, part: TablePart | undefined): BoundStatement {
  const sql = `${verb} from ${quoteTable(table)}`;
  if (part === undefined) return { sql, values: [] };
  const condition = partCondition(part, quoteIdentifier, () => "?");
  return { sql: `${sql} where ${condition.text}`, values: boundValues(condition.values) };
}
