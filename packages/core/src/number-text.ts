/**
 * Number texts as Luigi writes and reads them: ids are made of them, so they must agree to the letter with Python's `int`,
 * `float` and `repr`.
 */

/** Reads an optionally signed decimal number; `_` may stand between digits. Throws for anything else or beyond 2^53 − 1. */
export function parseIntText(text: string): number {
  const digits = text.trim();
  if (!/^[+-]?\d+(_\d+)*$/.test(digits)) throw new SyntaxError("it is not a whole number");
  const value = Number(digits.replaceAll("_", ""));
  if (!Number.isSafeInteger(value))
    throw new RangeError(`it is too large to be exact (beyond ±${Number.MAX_SAFE_INTEGER})`);
  return value;
}

/** Reads a decimal number with optional fraction and exponent, `nan`, `inf` or `infinity`. Throws for anything else. */
export function parseFloatText(text: string): number {
  const word = text.trim().toLowerCase();
  const special = /^([+-]?)(nan|inf|infinity)$/.exec(word);
  if (special !== null) return special[2] === "nan" ? Number.NaN : special[1] === "-" ? -Infinity : Infinity;
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/.test(word)) {
    throw new SyntaxError("it is not a number");
  }
  return Number(word.replaceAll("_", ""));
}

/** Writes the shortest text that reads back as the same double: `1.0`, `0.1`, `1e+16`, `1e-07`, `nan`, `-inf`. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16)
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${padExponent(exponent)}`;
  return placePoint(mantissa, exponent);
}

function padExponent(exponent: number): string {
  return String(Math.abs(exponent)).padStart(2, "0");
}

function placePoint(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return `${sign}${whole}.${fraction === "" ? "0" : fraction}`;
}
