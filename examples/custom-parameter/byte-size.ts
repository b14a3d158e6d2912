import { paramBuilder, type ParamType } from "leat";

/** Units from the largest to the smallest, in bytes. */
const UNITS = [
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
  ["B", 1],
] as const;

const byteSizeType: ParamType<number> = {
  name: "byteSize",
  expects: "a number of bytes such as 500, 64 KiB or 1.5 GiB",

  /** Reads what people write. What it throws becomes part of a message that names the parameter and what is expected. */
  parse(text) {
    const [, number, name = "B"] = /^([\d.]+) ?(\w+)?$/.exec(text) ?? [];
    const unit = UNITS.find(([unit]) => unit.toLowerCase() === name.toLowerCase());
    if (number === undefined || unit === undefined) throw new SyntaxError("it is no size");
    return Number(number) * unit[1];
  },

  /** Writes the one text that stands for a value. Task ids are made of it, and `parse` must read it back. */
  serialize(bytes) {
    const [name, size] = UNITS.find(([, size]) => bytes >= size && bytes % size === 0) ?? ["B", 1];
    return `${bytes / size} ${name}`;
  },

  /** Checks values from any source: texts that were parsed, defaults, and what code gives. */
  normalize(value) {
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      throw new RangeError("it is no whole number of bytes");
    return value as number;
  },
};

/** A size in bytes, a number: `64 KiB`. */
export const byteSize = paramBuilder(byteSizeType);
