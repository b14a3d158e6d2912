import { plainText, ValueError } from "@leat/copy-to-table";
import type { ValueType } from "./value-type.ts";

const BOOLEANS: Readonly<Record<string, boolean>> = {
  t: true,
  true: true,
  y: true,
  yes: true,
  on: true,
  "1": true,
  f: false,
  false: false,
  n: false,
  no: false,
  off: false,
  "0": false,
};

/** `boolean`: true and false, 1 and 0, or the words that PostgreSQL reads in any case. */
export const boolean: ValueType = {
  write(out, value) {
    const word =
      typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : "";
    const truth =
      typeof value === "boolean" ? value : Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
    if (truth === undefined)
      throw new ValueError(value, "true or false, or a word for it such as t, yes, on, 1");
    out.int32(1);
    out.uint8(truth ? 1 : 0);
  },
};

/** `text`, `varchar`, `char`, `name`. */
export const text: ValueType = {
  write(out, value) {
    out.sizedText(typeof value === "string" ? value : plainText(value));
  },
};

/** `json`: text is taken as JSON text; other values are written as JSON. */
export const json: ValueType = {
  write(out, value) {
    out.sizedText(jsonText(value));
  },
  text: jsonText,
};

/** `jsonb`: as `json`, after the version number of the binary format. */
export const jsonb: ValueType = {
  write(out, value) {
    const at = out.length;
    out.int32(0);
    out.uint8(1);
    out.text(jsonText(value));
    out.fillSize(at);
  },
  text: jsonText,
};

/** `uuid`: 32 hexadecimal digits, with hyphens or without. */
export const uuid: ValueType = {
  write(out, value) {
    const digits = typeof value === "string" ? value.replaceAll("-", "") : "";
    if (!/^[0-9a-f]{32}$/i.test(digits)) throw new ValueError(value, "a UUID of 32 hexadecimal digits");
    out.int32(16);
    out.bytes(Buffer.from(digits, "hex"));
  },
};

/** `bytea`: bytes, or text of the form `\x0aff`. */
export const bytea: ValueType = {
  write(out, value) {
    const bytes = value instanceof Uint8Array ? value : hexBytes(value);
    out.int32(bytes.length);
    out.bytes(bytes);
  },
  text: (value) => (value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : String(value)),
};

function hexBytes(value: unknown): Uint8Array {
  if (typeof value === "string" && /^\\x([0-9a-f]{2})*$/i.test(value))
    return Buffer.from(value.slice(2), "hex");
  throw new ValueError(value, "bytes (Buffer, Uint8Array), or text such as \\x0aff");
}

function jsonText(value: unknown): string {
  const content = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
  if (content === undefined) throw new ValueError(value, "a value that JSON can hold, or JSON text");
  return content;
}
