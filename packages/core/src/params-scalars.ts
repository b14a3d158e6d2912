import { formatFloat, parseFloatText, parseIntText } from "./number-text.ts";
import { Param, type ParamOptions, type ParamType } from "./param.ts";
import { invalidDeclaration, paramBuilder, type WithDefault } from "./param-builder.ts";

export const stringType: ParamType<string> = {
  name: "string",
  expects: "text",
  parse: (text) => text,
  serialize: (value) => value,
  normalize(value) {
    if (typeof value !== "string") throw new TypeError("it is not a string");
    return value;
  },
};

export const intType: ParamType<number> = {
  name: "int",
  expects: "a whole number such as 42",
  parse: parseIntText,
  serialize: String,
  normalize(value) {
    if (!Number.isSafeInteger(value))
      throw new TypeError("it is not a whole number that is exact in JavaScript");
    // Adding 0 turns -0 into 0: both are the integer 0 and must give one id.
    return (value as number) + 0;
  },
  successor: (value) => (value === Number.MAX_SAFE_INTEGER ? undefined : value + 1),
};

export const floatType: ParamType<number> = {
  name: "float",
  expects: "a number such as 1.5, 1e-7, nan or inf",
  parse: parseFloatText,
  serialize: formatFloat,
  normalize(value) {
    if (typeof value !== "number") throw new TypeError("it is not a number");
    return value;
  },
};

const boolType: ParamType<boolean> = {
  name: "bool",
  expects: "true or false",
  parse(text) {
    const word = text.toLowerCase();
    if (word !== "true" && word !== "false") throw new RangeError("it is neither true nor false");
    return word === "true";
  },
  serialize: (value) => (value ? "True" : "False"),
  normalize(value) {
    if (typeof value !== "boolean") throw new TypeError("it is not a boolean");
    return value;
  },
};

/** Ends of a range of numbers; one that is left out is open. */
export interface Bounds {
  /** Lowest number accepted. */
  readonly minimum?: number;
  /** Numbers must be higher than this. */
  readonly exclusiveMinimum?: number;
  /** Highest number accepted. */
  readonly maximum?: number;
  /** Numbers must be lower than this. */
  readonly exclusiveMaximum?: number;
}

export type NumericalParamOptions = ParamOptions<number> & Bounds;

function numericalType(kind: "int" | "float", bounds: Bounds): ParamType<number> {
  const base = kind === "int" ? intType : floatType;
  const {
    minimum = -Infinity,
    exclusiveMinimum = -Infinity,
    maximum = Infinity,
    exclusiveMaximum = Infinity,
  } = bounds;
  const range = describeRange(bounds);
  if (!(Math.max(minimum, exclusiveMinimum) <= Math.min(maximum, exclusiveMaximum))) {
    throw invalidDeclaration(`No number is within ${range}. Give a lower end that is below the upper one.`);
  }
  return {
    name: kind,
    expects: `${kind === "int" ? "a whole number" : "a number"} ${range}`,
    parse: (text, context) => base.parse(text, context),
    serialize: (value) => base.serialize(value),
    normalize(value) {
      const number = base.normalize(value);
      const isAbove = number >= minimum && (number > exclusiveMinimum || exclusiveMinimum === -Infinity);
      const isBelow = number <= maximum && (number < exclusiveMaximum || exclusiveMaximum === Infinity);
      if (!isAbove || !isBelow) throw new RangeError("it is out of range");
      return number;
    },
  };
}

/** `≥ 1 and < 10` */
function describeRange(bounds: Bounds): string {
  const ends = [
    ["≥", bounds.minimum],
    [">", bounds.exclusiveMinimum],
    ["≤", bounds.maximum],
    ["<", bounds.exclusiveMaximum],
  ] as const;
  return ends.flatMap(([sign, end]) => (end === undefined ? [] : `${sign} ${end}`)).join(" and ");
}

export interface NumericalBuilder {
  (kind: "int" | "float", options: NumericalParamOptions & WithDefault<number>): Param<number, true>;
  (kind: "int" | "float", options: NumericalParamOptions): Param<number, false>;
}

/** A whole number or a double within bounds: `p.numerical("int", { minimum: 1, exclusiveMaximum: 10 })`. */
export const numerical = ((kind: "int" | "float", options: NumericalParamOptions) =>
  new Param(numericalType(kind, options), options)) as NumericalBuilder;

/** Text, taken as it is. */
export const string = paramBuilder(stringType);

/** A whole number, exact in JavaScript (±(2^53 − 1)). */
export const int = paramBuilder(intType);

/** A double; its text form always shows that it is one: `5.0`, `1e-07`. */
export const float = paramBuilder(floatType);

/** Switches of a task: false when not given, as in Luigi. */
export const bool = (options: ParamOptions<boolean> = {}): Param<boolean, true> =>
  new Param<boolean, true>(boolType, { default: false, ...options });
