import { plainText, ValueError } from "@leat/copy-to-table";
import type { ColumnType } from "./column-type.ts";
import type { ValueType } from "./value-type.ts";

/** Types whose values only the server can check, such as `enum`, `uuid`, `inet6`: what has one obvious text. */
export const serverChecked: ValueType = { text: plainText };

/** `json` of MySQL: text is taken as JSON text; other values are written as JSON. MariaDB has `longtext` in its place. */
export const json: ValueType = {
  text(value) {
    const content = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
    if (content === undefined) throw new ValueError(value, "a value that JSON can hold, or JSON text");
    return content;
  },
};

/** `bit`: whole numbers, true and false. */
export function bit({ numbers }: ColumnType): ValueType {
  const bits = numbers[0] ?? 1;
  return {
    text(value) {
      const isNumber = typeof value === "bigint" || typeof value === "boolean" || Number.isSafeInteger(value);
      const number = isNumber ? BigInt(value as bigint | boolean | number) : -1n;
      if (number >= 0n && number < 2n ** BigInt(bits)) return String(number);
      throw new ValueError(value, `a whole number of ${bits} bits, as number or bigint`);
    },
    decode: (expression) => `cast(${expression} as unsigned)`,
  };
}

/** `year`. */
export const year: ValueType = {
  text(value) {
    const number = typeof value === "string" && /^\d{4}$/.test(value) ? Number(value) : value;
    if (Number.isInteger(number) && (number as number) >= 1901 && (number as number) <= 2155)
      return String(number);
    throw new ValueError(value, "a year from 1901 to 2155, as number or text");
  },
};
