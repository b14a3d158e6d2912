import { formatFloat } from "./number-text.ts";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Writes JSON as Python's `json.dumps` does: in printable ASCII, with a blank after each comma and colon. */
export function formatJson(value: Json): string {
  if (typeof value === "string") return quoteAscii(value);
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : formatFloat(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isJsonList(value)) return `[${value.map(formatJson).join(", ")}]`;
  const members = Object.entries(value).map(([name, item]) => `${quoteAscii(name)}: ${formatJson(item)}`);
  return `{${members.join(", ")}}`;
}

/** A JSON string in printable ASCII. */
export function quoteAscii(text: string): string {
  // Most texts need no escapes, and looking is faster than writing.
  if (!/[^ !#-[\]-~]/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** `Array.isArray` does not tell read-only lists from objects in types. */
export function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
