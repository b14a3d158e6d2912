import { ValueError } from "@leat/copy-to-table";
import type { ColumnType } from "./column-type.ts";
import type { ValueType } from "./value-type.ts";

/** Bits of the integer types. https://dev.mysql.com/doc/refman/8.4/en/integer-types.html */
const INTEGER_BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

const DECIMAL = /^\s*[+-]?\d+\s*$/;

/**
 * `tinyint` to `bigint`: whole numbers as number (if exact), bigint or decimal text. `boolean`, which is `tinyint(1)`, takes true
 * and false as well.
 */
export function integer({ name, numbers, unsigned }: ColumnType): ValueType {
  const bits = BigInt(INTEGER_BITS[name] as number);
  const min = unsigned ? 0n : -(2n ** (bits - 1n));
  const max = unsigned ? 2n ** bits - 1n : 2n ** (bits - 1n) - 1n;
  const isBoolean = name === "tinyint" && numbers[0] === 1;
  const range = `a whole number from ${min} to ${max}`;
  const expects = isBoolean
    ? `true, false, or ${range}`
    : bits === 64n
      ? `${range}, not as an inexact number`
      : range;
  const isWithin = numberCheck(min, max);
  return {
    text(value) {
      if (typeof value === "number" && Number.isSafeInteger(value) && isWithin(value)) return String(value);
      if (isBoolean && typeof value === "boolean") return value ? "1" : "0";
      const big = wholeNumber(value);
      if (big === undefined || big < min || big > max) throw new ValueError(value, expects);
      return String(big);
    },
  };
}

/** Whether a safe integer is in a range; without making a bigint of it, which would take most of the time of a load. */
function numberCheck(min: bigint, max: bigint): (value: number) => boolean {
  const low = Number(min);
  const high = Number(max);
  return (value) => value >= low && value <= high;
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  // BigInt does not read a plus sign.
  if (typeof value === "string" && DECIMAL.test(value)) return BigInt(value.replace("+", ""));
  return undefined;
}
