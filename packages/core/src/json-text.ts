import { describeValue } from "./describe-value.ts";
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
function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Deeper structures are refused; so are those that contain themselves. */
const MAX_DEPTH = 100;

/** A frozen copy of a value that consists of nothing but JSON. Throws, with the place, for anything else. */
export function toJson(value: unknown, place = "it", depth = 0): Json {
  if (depth > MAX_DEPTH) throw new RangeError(`it is nested more than ${MAX_DEPTH} deep, or contains itself`);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return toJsonNumber(value, place);
  if (Array.isArray(value)) {
    return Object.freeze(Array.from(value, (item, index) => toJson(item, `${place}[${index}]`, depth + 1)));
  }
  if (!isPlainObject(value))
    throw new TypeError(`${place} is ${describeValue(value)}, which JSON cannot say`);
  const members = Object.entries(value).map(
    ([name, item]) => [name, toJson(item, `${place}.${name}`, depth + 1)] as const,
  );
  return Object.freeze(Object.fromEntries(members));
}

function toJsonNumber(value: number, place: string): number {
  if (!Number.isFinite(value)) throw new RangeError(`${place} is ${value}, which JSON cannot say`);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`${place} is ${value}, which is too large to be exact`);
  return value + 0;
}

/** True for `{}` and what has no prototype; false for lists and instances of classes. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
