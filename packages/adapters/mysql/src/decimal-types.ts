import { ValueError } from "@leat/copy-to-table";
import type { ColumnType } from "./column-type.ts";
import type { ValueType } from "./value-type.ts";

const FLOAT = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const FLOAT_EXPECTS = "a finite number, as number or text such as 1.5 or 1e-7";

/** `double`: finite numbers, or text. A bigint only when the double has its exact value. */
export const double: ValueType = {
  text: (value) => String(toFinite(value)),
};

/** `float`: as `double`, rounded to the nearest; numbers that would become infinite or zero are refused. */
export const float: ValueType = {
  text(value) {
    const number = toFinite(value);
    const rounded = Math.fround(number);
    if (Number.isFinite(rounded) && (rounded !== 0 || number === 0)) return String(number);
    throw new ValueError(value, "a number within the range of float, 1E-37 to 1E+38");
  },
};

function toFinite(value: unknown): number {
  const number = toNumber(value);
  if (!Number.isFinite(number)) throw new ValueError(value, FLOAT_EXPECTS);
  return number;
}

function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" && BigInt(Number(value)) === value) return Number(value);
  if (typeof value !== "string" || !FLOAT.test(value)) return Number.NaN;
  const number = Number(value);
  const isLost = number === 0 && /[1-9]/.test(value.replace(/e.*/i, ""));
  return isLost ? Number.NaN : number;
}

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?\s*$/i;

/** `decimal`: text such as `-12.50` or `1e3`, bigint, or number (by its shortest decimal form). Digits are never lost. */
export function decimal({ numbers, unsigned }: ColumnType): ValueType {
  const [precision = 10, scale = 0] = numbers;
  const expects = `a decimal number of at most ${precision - scale} digits before the point and ${scale} after it`;
  return {
    text(value) {
      const parts = decimalParts(value);
      if (parts === undefined) throw new ValueError(value, expects);
      const { sign, whole, fraction } = parts;
      const isNegative = sign === "-" && whole + fraction !== "";
      if (whole.length > precision - scale || fraction.length > scale || (unsigned && isNegative)) {
        throw new ValueError(value, unsigned ? `${expects}, not below zero` : expects);
      }
      return `${isNegative ? "-" : ""}${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
    },
  };
}

interface DecimalParts {
  readonly sign: string;
  /** Digits before and after the point, without zeros that say nothing. */
  readonly whole: string;
  readonly fraction: string;
}

function decimalParts(value: unknown): DecimalParts | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const [, sign = "", before = "", after = "", exponent = "0"] = DECIMAL.exec(String(value)) ?? [];
  if (before === "" && after === "") return undefined;
  const point = before.length + Number(exponent);
  const digits = `${"0".repeat(Math.max(0, -point))}${before}${after}`.padEnd(point, "0");
  const at = Math.max(0, point);
  return {
    sign,
    whole: digits.slice(0, at).replace(/^0+/, ""),
    fraction: digits.slice(at).replace(/0+$/, ""),
  };
}
