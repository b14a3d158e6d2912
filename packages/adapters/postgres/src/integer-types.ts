import type { ByteWriter } from "@leat/copy-to-table";
import { ValueError } from "@leat/copy-to-table";
import type { ValueType } from "./value-type.ts";

const TWO_TO_32 = 0x1_0000_0000;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** `smallint`, `integer` and `oid`: whole numbers, as number, bigint or decimal text. */
function smallInteger(size: 2 | 4, min: number, max: number): ValueType {
  const expects = `a whole number from ${min} to ${max}`;
  return {
    write(out, value) {
      const number = typeof value === "number" ? value : Number(wholeNumber(value, expects));
      if (!Number.isInteger(number) || number < min || number > max) throw new ValueError(value, expects);
      out.int32(size);
      if (size === 2) out.int16(number);
      else out.int32(number);
    },
  };
}

export const int2 = smallInteger(2, -(2 ** 15), 2 ** 15 - 1);
export const int4 = smallInteger(4, -(2 ** 31), 2 ** 31 - 1);
export const oid = smallInteger(4, 0, 2 ** 32 - 1);

const INT8 = `a whole number from ${INT64_MIN} to ${INT64_MAX}, as bigint or text when beyond 2^53 - 1`;

/** `bigint`: whole numbers, as number (if exact), bigint or decimal text. */
export const int8: ValueType = {
  write(out, value) {
    const number = typeof value === "string" && value.length < 16 ? shortInteger(value) : value;
    out.int32(8);
    if (Number.isSafeInteger(number)) return writeSafe(out, number as number);
    const big = wholeNumber(value, INT8);
    if (big < INT64_MIN || big > INT64_MAX) throw new ValueError(value, INT8);
    out.bigInt64(big);
  },
};

function writeSafe(out: ByteWriter, value: number): void {
  const high = Math.floor(value / TWO_TO_32);
  out.int64(high, value - high * TWO_TO_32);
}

/** The number that text of digits alone says; `undefined` for other text, which is no error yet. */
function shortInteger(text: string): number | undefined {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return text === "" ? undefined : value;
}

const DECIMAL = /^\s*[+-]?\d+\s*$/;

function wholeNumber(value: unknown, expects: string): bigint {
  if (typeof value === "bigint") return value;
  // BigInt does not read a plus sign.
  if (typeof value === "string" && DECIMAL.test(value)) return BigInt(value.replace("+", ""));
  throw new ValueError(value, expects);
}
