import type { ByteWriter } from "@leat/copy-to-table";
import { ValueError } from "@leat/copy-to-table";
import type { ValueType } from "./value-type.ts";

const FLOAT = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const SPECIAL: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Infinity,
  infinity: Infinity,
  "+inf": Infinity,
  "+infinity": Infinity,
  "-inf": -Infinity,
  "-infinity": -Infinity,
};
const FLOAT_EXPECTS = "a number, as number or text such as 1.5, 1e-7, NaN or Infinity";

/** `double precision`: numbers, or text. A bigint only when the double has its exact value. */
export const float8: ValueType = {
  write(out, value) {
    const number = toFloat(value);
    out.int32(8);
    out.float64(number);
  },
};

/** `real`: as `double precision`, rounded to the nearest; numbers that would become infinite or zero are refused. */
export const float4: ValueType = {
  write(out, value) {
    const number = toFloat(value);
    const rounded = Math.fround(number);
    if (Number.isFinite(number) && (!Number.isFinite(rounded) || (rounded === 0 && number !== 0))) {
      throw new ValueError(value, "a number within the range of real, 1E-37 to 1E+37");
    }
    out.int32(4);
    out.float32(rounded);
  },
};

function toFloat(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint" && BigInt(Number(value)) === value) return Number(value);
  if (typeof value === "string") return parseFloatText(value);
  throw new ValueError(value, FLOAT_EXPECTS);
}

function parseFloatText(text: string): number {
  const special = SPECIAL[text.trim().toLowerCase()];
  if (special !== undefined) return special;
  const number = FLOAT.test(text) ? Number(text) : Number.NaN;
  const isLost = number === 0 && /[1-9]/.test(text.replace(/e.*/i, ""));
  if (!Number.isFinite(number) || isLost) throw new ValueError(text, FLOAT_EXPECTS);
  return number;
}

/** Signs of the binary format. https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/numeric.c */
const POSITIVE = 0x0000;
const NEGATIVE = 0x4000;
const NAN = 0xc000;
const PLUS_INFINITY = 0xd000;
const MINUS_INFINITY = 0xf000;

/** Digits before and after the point that `numeric` can hold. https://www.postgresql.org/docs/current/datatype-numeric.html */
const MAX_WHOLE_DIGITS = 131_072;
const MAX_SCALE = 16_383;

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,6}))?\s*$/i;
const NUMERIC_EXPECTS = "a decimal number, as text, bigint or number";

/** `numeric`: text such as `-12.50` or `1e3`, bigint, or number (by its shortest decimal form). Digits are never lost. */
export const numeric: ValueType = {
  write(out, value) {
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") {
      throw new ValueError(value, NUMERIC_EXPECTS);
    }
    const text = String(value);
    const special = SPECIAL[text.trim().toLowerCase()];
    if (special !== undefined) return writeNumeric(out, signOfSpecial(special), 0, "", 0);
    const [, sign = "", whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
    if (whole === "" && fraction === "") throw new ValueError(value, NUMERIC_EXPECTS);
    const point = whole.length + Number(exponent);
    const scale = Math.max(0, fraction.length - Number(exponent));
    if (point > MAX_WHOLE_DIGITS || scale > MAX_SCALE) {
      throw new ValueError(
        value,
        `a number of at most ${MAX_WHOLE_DIGITS} digits before the point and ${MAX_SCALE} after it`,
      );
    }
    writeNumeric(out, sign === "-" ? NEGATIVE : POSITIVE, scale, whole + fraction, point);
  },
};

function signOfSpecial(value: number): number {
  if (Number.isNaN(value)) return NAN;
  return value > 0 ? PLUS_INFINITY : MINUS_INFINITY;
}

/**
 * Writes 0.`digits` × 10^`point`: the number of groups of four decimal digits, the weight of the first group, sign, scale, and
 * the groups. The groups are counted from the point, and those of zeros at both ends are left out.
 */
function writeNumeric(out: ByteWriter, sign: number, scale: number, digits: string, point: number): void {
  const lead = digits.length === 0 ? 0 : ((-point % 4) + 4) % 4;
  const padded = "0".repeat(lead) + digits;
  const groups: number[] = [];
  for (let i = 0; i < padded.length; i += 4) groups.push(Number(padded.slice(i, i + 4).padEnd(4, "0")));
  const first = groups.findIndex((group) => group !== 0);
  const used = first < 0 ? [] : groups.slice(first, groups.findLastIndex((group) => group !== 0) + 1);
  const weight = first < 0 ? 0 : (point + lead) / 4 - 1 - first;
  out.int32(8 + 2 * used.length);
  out.int16(used.length);
  out.int16(weight);
  out.int16(used.length === 0 && sign === NEGATIVE ? POSITIVE : sign);
  out.int16(scale);
  for (const group of used) out.int16(group);
}
