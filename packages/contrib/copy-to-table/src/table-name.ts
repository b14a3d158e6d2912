import { UsageError } from "@leat/core";

/** A table, and the schema (in MySQL: the database) when it was named. The names are as they are, without quotes. */
export interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

/**
 * Reads `table` or `schema.table`. Letters keep their case, and any character may stand in a name; a name with a dot is put
 * in double quotes: `archive."2026.plays"`.
 *
 * @throws UsageError `OPTION_INVALID` for an empty name, more than two names, and a NUL character
 */
export function parseTableName(text: string): TableName {
  const parts = splitParts(text);
  const [first, second] = parts;
  if (first === undefined || parts.length > 2 || parts.includes("") || text.includes("\0")) {
    throw new UsageError(
      "OPTION_INVALID",
      `The table ${JSON.stringify(text)} is not a name. Give table or schema.table, with double quotes around a name that has a dot.`,
    );
  }
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second };
}

const QUOTED_OR_PLAIN = /"((?:[^"]|"")*)"(?=\.|$)|([^.]*)/y;

function splitParts(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at <= text.length; at = QUOTED_OR_PLAIN.lastIndex + 1) {
    QUOTED_OR_PLAIN.lastIndex = at;
    const match = QUOTED_OR_PLAIN.exec(text);
    parts.push(match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? "");
    QUOTED_OR_PLAIN.lastIndex = at + (match?.[0].length ?? 0);
  }
  return parts;
}
