import { Temporal } from "temporal-polyfill";
import { formatFloat, parseFloatText, parseIntText } from "./number-text.ts";
import { Param, type ParamOptions, type ParamType } from "./param.ts";

type WithDefault<T> = ParamOptions<T> & { readonly default: T };

/** A builder whose result knows, in its type, whether the parameter has a default. */
interface ParamBuilder<T> {
  (options: WithDefault<T>): Param<T, true>;
  (options?: ParamOptions<T>): Param<T, false>;
}

function builder<T>(type: ParamType<T>): ParamBuilder<T> {
  return ((options?: ParamOptions<T>) => new Param(type, options)) as ParamBuilder<T>;
}

const stringType: ParamType<string> = {
  name: "string",
  expects: "text",
  parse: (text) => text,
  serialize: (value) => value,
  normalize(value) {
    if (typeof value !== "string") throw new TypeError("it is not a string");
    return value;
  },
};

const intType: ParamType<number> = {
  name: "int",
  expects: `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`,
  parse: parseIntText,
  serialize: String,
  normalize(value) {
    if (!Number.isSafeInteger(value))
      throw new TypeError("it is not a whole number that is exact in JavaScript");
    // Adding 0 turns -0 into 0: both are the integer 0 and must give one id.
    return (value as number) + 0;
  },
  successor: (value) => value + 1,
};

const floatType: ParamType<number> = {
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

/** Options of `p.date`. */
export interface DateParamOptions extends ParamOptions<Temporal.PlainDate> {
  /** Grid of accepted days: values are moved back to the last `start + n × intervalDays`. Default 1. */
  readonly intervalDays?: number;
  /** Where the grid begins. Default 1970-01-01. */
  readonly start?: Temporal.PlainDate;
}

const EPOCH = Temporal.PlainDate.from("1970-01-01");

function dateType(intervalDays: number, start: Temporal.PlainDate): ParamType<Temporal.PlainDate> {
  return {
    name: "date",
    expects: "a date such as 2026-11-20",
    parse: parseDateText,
    serialize: (value) => `${String(value.year).padStart(4, "0")}-${String(value.month).padStart(2, "0")}-${String(value.day).padStart(2, "0")}`,
    normalize(value) {
      const date = toPlainDate(value);
      if (intervalDays === 1) return date;
      const past = start.until(date, { largestUnit: "day" }).days % intervalDays;
      return past === 0 ? date : date.subtract({ days: past < 0 ? past + intervalDays : past });
    },
    successor: (value) => value.add({ days: intervalDays }),
  };
}

function parseDateText(text: string): Temporal.PlainDate {
  const fields = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (fields === null) throw new SyntaxError("it is not of the form YYYY-MM-DD");
  const [year, month, day] = fields.slice(1).map(Number) as [number, number, number];
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    throw new RangeError("there is no such day");
  }
}

/** Accepts dates and date-times of any implementation of Temporal: the polyfill may stand in a user's tree twice. */
function toPlainDate(value: unknown): Temporal.PlainDate {
  const tag = Object.prototype.toString.call(value);
  if (tag !== "[object Temporal.PlainDate]" && tag !== "[object Temporal.PlainDateTime]") {
    throw new TypeError("it is not a Temporal.PlainDate");
  }
  const date = value instanceof Temporal.PlainDate ? value : Temporal.PlainDate.from(String(value));
  // As Luigi's dates; beyond these years the text form has another shape.
  if (date.year < 1 || date.year > 9999) throw new RangeError("its year is not within 0001 to 9999");
  return date;
}

interface DateBuilder {
  (options: DateParamOptions & WithDefault<Temporal.PlainDate>): Param<Temporal.PlainDate, true>;
  (options?: DateParamOptions): Param<Temporal.PlainDate, false>;
}

const date = ((options: DateParamOptions = {}) =>
  new Param(dateType(options.intervalDays ?? 1, options.start ?? EPOCH), options)) as DateBuilder;

interface ChoiceBuilder {
  <const C extends string>(choices: readonly C[], options: WithDefault<NoInfer<C>>): Param<C, true>;
  <const C extends string>(choices: readonly C[], options?: ParamOptions<NoInfer<C>>): Param<C, false>;
}

const choice = (<C extends string>(choices: readonly C[], options?: ParamOptions<C>) =>
  new Param(choiceType(choices), options)) as ChoiceBuilder;

function choiceType<C extends string>(choices: readonly C[]): ParamType<C> {
  const normalize = (value: unknown): C => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new RangeError("it is not one of the choices");
    return found;
  };
  return {
    name: "choice",
    expects: `one of ${choices.join(", ")}`,
    parse: normalize,
    serialize: (value) => value,
    normalize,
  };
}

/** Switches of a task: false when not given, as in Luigi. */
const bool = (options: ParamOptions<boolean> = {}): Param<boolean, true> =>
  new Param<boolean, true>(boolType, { default: false, ...options });

/** Builders of parameters, for `Task.with({ … })`. */
export const p = {
  /** Text, taken as it is. */
  string: builder(stringType),
  /** A whole number, exact in JavaScript (±(2^53 − 1)). */
  int: builder(intType),
  /** A double; its text form always shows that it is one: `5.0`, `1e-07`. */
  float: builder(floatType),
  bool,
  /** A calendar day without a zone. */
  date,
  /** One of a list of words. */
  choice,
};
