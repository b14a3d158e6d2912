import { plainText, ValueError } from "@leat/copy-to-table";
import type { ColumnType } from "./column-type.ts";
import type { ValueType } from "./value-type.ts";

/** Bytes that the types without a length hold. https://dev.mysql.com/doc/refman/8.4/en/storage-requirements.html */
const MAX_BYTES: Readonly<Record<string, number>> = {
  tinytext: 2 ** 8 - 1,
  tinyblob: 2 ** 8 - 1,
  text: 2 ** 16 - 1,
  blob: 2 ** 16 - 1,
  mediumtext: 2 ** 24 - 1,
  mediumblob: 2 ** 24 - 1,
  longtext: 2 ** 32 - 1,
  longblob: 2 ** 32 - 1,
};

/** `char` and `varchar`: text of so many characters. A `char` loses blanks at its end when it is read, so these are refused. */
export function characters({ name, numbers }: ColumnType): ValueType {
  const max = numbers[0] ?? 1;
  return {
    text(value) {
      const text = plainText(value);
      if (text.length > max && Array.from(text).length > max)
        throw new ValueError(value, `text of at most ${max} characters`);
      if (name === "char" && text.endsWith(" "))
        throw new ValueError(value, "text without a blank at its end");
      return text;
    },
  };
}

/** `text` and its sizes. */
export function longText({ name, isUnicode }: ColumnType): ValueType {
  const max = MAX_BYTES[name] as number;
  return {
    text(value) {
      const text = plainText(value);
      // No character has more than three bytes for each of its units. Other character sets need other sizes: the server looks.
      if (isUnicode && text.length * 3 > max && Buffer.byteLength(text) > max) {
        throw new ValueError(value, `text of at most ${max} bytes in UTF-8`);
      }
      return text;
    },
  };
}

/** `binary`, `varbinary`, `blob` and its sizes: bytes; text stands for its bytes in UTF-8. */
export function bytes({ name, numbers }: ColumnType): ValueType {
  const max = MAX_BYTES[name] ?? numbers[0] ?? 1;
  return {
    text(value) {
      const content = bytesOf(value);
      if (content.length > max) throw new ValueError(value, `at most ${max} bytes`);
      if (name === "binary" && content.length < max) throw new ValueError(value, `exactly ${max} bytes`);
      return content.toString("hex");
    },
    decode: (expression) => `unhex(${expression})`,
  };
}

function bytesOf(value: unknown): Buffer {
  if (typeof value === "string") return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  throw new ValueError(value, "bytes (Buffer, Uint8Array), or text for its bytes in UTF-8");
}
