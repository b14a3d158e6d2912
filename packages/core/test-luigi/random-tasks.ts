import { type Json, type Param, p, Temporal, type Visibility } from "@leat/core";
import * as fc from "fast-check";
import { songs } from "./songs.ts";

/** A parameter as both sides declare it, and a text for it. */
export interface RandomParam {
  readonly name: string;
  /** Luigi's type, by the names of `luigi_tasks.py`. */
  readonly type: string;
  /** Luigi's options. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly significant: boolean;
  readonly visibility: Visibility;
  readonly text: string;
  /** Makes ours. */
  declare(options: { significant: boolean; visibility: Visibility }): Param<any>;
}

export interface RandomTask {
  readonly namespace: string;
  readonly name: string;
  readonly params: readonly RandomParam[];
}

type Kind = Pick<RandomParam, "type" | "options" | "text" | "declare">;

// Luigi writes years below 1000 with fewer than four digits on some platforms. Grids move values back a little.
const days = fc.integer({ min: -353_900, max: 2_932_500 });
const dates = days.map((days) => Temporal.PlainDate.from("1970-01-01").add({ days }));
const times = fc
  .tuple(dates, fc.nat(86_399))
  .map(([date, seconds]) => date.toPlainDateTime().add({ seconds }));
const pad = (value: number) => String(value).padStart(2, "0");
const asIs = (value: number) => String(value);
const padding = fc.constantFrom(pad, asIs);
const texts = fc.string({ unit: "binary", maxLength: 24 });

const dateTexts = fc
  .tuple(dates, padding, padding)
  .map(([{ year, month, day }, one, two]) => `${year}-${one(month)}-${two(day)}`);

function kindOf(
  type: string,
  text: fc.Arbitrary<string>,
  declare: RandomParam["declare"],
  options = {},
): fc.Arbitrary<Kind> {
  return text.map((text) => ({ type, options, text, declare }));
}

const intTexts = fc
  .tuple(
    fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER - 1 }),
    fc.constantFrom("", " "),
    fc.constantFrom("", "0", "00"),
  )
  .map(([value, blank, zeros]) => `${blank}${value < 0 ? "-" : ""}${zeros}${Math.abs(value)}${blank}`);

const floatTexts = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential()),
  fc.integer({ min: -400, max: 400 }).map((exponent) => `1e${exponent}`),
  fc.maxSafeInteger().map(String),
  fc.constantFrom("nan", "-inf", "Infinity", "-0", ".5", "5.", " 1_0e1_0 ", "1e16", "1e15", "1e-4", "1e-5"),
);

const boolTexts = fc.constantFrom("true", "True", "TRUE", "false", "False");

const numericals = fc
  .record({
    type: fc.constantFrom("int" as const, "float" as const),
    low: fc.integer({ min: -1000, max: 0 }),
    high: fc.integer({ min: 10, max: 1000 }),
    isLowIncluded: fc.boolean(),
    isHighIncluded: fc.boolean(),
    value: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ type, low, high, isLowIncluded, isHighIncluded, value }): Kind => {
    const bounds = {
      ...(isLowIncluded ? { minimum: low } : { exclusiveMinimum: low }),
      ...(isHighIncluded ? { maximum: high } : { exclusiveMaximum: high }),
    };
    return {
      type: "numerical",
      options: {
        var_type: type,
        min_value: low,
        max_value: high,
        left_op: isLowIncluded ? "<=" : "<",
        right_op: isHighIncluded ? "<=" : "<",
      },
      text: String(value),
      declare: (options) => p.numerical(type, { ...options, ...bounds }),
    };
  });

const intervals = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 100 }));

const gridDates = fc.tuple(intervals, dates, dateTexts).map(
  ([interval, start, text]): Kind => ({
    type: "date",
    options: { interval, startDate: String(start) },
    text,
    declare: (options) => p.date({ ...options, intervalDays: interval, start }),
  }),
);

const gridMonths = fc
  .tuple(intervals, dates, dates, padding)
  .filter(([interval, , { year }]) => year * 12 > 12_000 + interval)
  .map(
    ([interval, start, { year, month }, padded]): Kind => ({
      type: "month",
      options: { interval, startDate: String(start) },
      text: `${year}-${padded(month)}`,
      declare: (options) =>
        p.month({ ...options, intervalMonths: interval, start: start.toPlainYearMonth() }),
    }),
  );

const gridYears = fc.tuple(intervals, dates, fc.integer({ min: 1100, max: 9999 })).map(
  ([interval, start, year]): Kind => ({
    type: "year",
    options: { interval, startDate: String(start) },
    text: String(year),
    declare: (options) => p.year({ ...options, intervalYears: interval, start: start.year }),
  }),
);

const gridTimes = fc
  .tuple(intervals, times, times, fc.constantFrom("dateHour", "dateMinute", "dateSecond"), padding)
  .map(([interval, anyTime, { year, month, day, hour, minute, second }, type, padded]): Kind => {
    const date = `${year}-${padded(month)}-${padded(day)}T`;
    const grid = { intervalHours: interval, intervalMinutes: interval, intervalSeconds: interval };
    const minutes = pad(hour) + pad(minute);
    const [text, build, unit] = (
      {
        dateHour: [padded(hour), p.dateHour, "hour"],
        dateMinute: [minutes, p.dateMinute, "minute"],
        dateSecond: [minutes + pad(second), p.dateSecond, "second"],
      } as const
    )[type as "dateHour"];
    const start = anyTime.round({ smallestUnit: unit, roundingMode: "floor" });
    return {
      type,
      options: { interval, start: String(start) },
      text: date + text,
      declare: (options) => build({ ...options, ...grid, start }),
    };
  });

const intervalTexts = fc.oneof(
  fc.integer({ min: 1000, max: 9998 }).map(String),
  dates.map((date) => String(date).slice(0, 7)),
  dates.map((date) => String(date)),
  dates.map((date) => `${date.yearOfWeek}-W${pad(date.weekOfYear as number)}`),
  fc.tuple(dates, dates).map(([start, end]) => `${start}-${end}`),
);

// Neither fractions of a second, which Luigi drops, nor ISO durations of zero, which it refuses.
const timeDeltaTexts = fc.oneof(
  fc.integer({ min: -1e12, max: 1e12 }).map(String),
  fc.nat(1000).map((weeks) => `P${weeks + 1}W`),
  fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map(([d, h, s]) => `P${d + 1}DT${h}H${s}S`),
  fc.nat(999).map((minutes) => `PT${minutes + 1}M`),
  fc
    .tuple(
      fc.array(fc.nat(99), { minLength: 5, maxLength: 5 }),
      fc.constantFrom("", " "),
      fc.boolean(),
      fc.nat(4),
    )
    .map(([counts, blank, isLong, from]) => {
      const units = isLong ? ["weeks", "days", "hours", "minutes", "seconds"] : ["w", "d", "h", "m", "s"];
      return units
        .map((unit, index) => `${counts[index]}${blank}${unit}`)
        .slice(from)
        .join(blank);
    }),
);

function pick<T>(list: readonly T[], nth: number): T {
  return list.at(nth % list.length) as T;
}

const words = fc.uniqueArray(fc.stringMatching(/^[A-Za-zåß日_.-]{1,12}$/), { minLength: 1, maxLength: 5 });
const names = fc.uniqueArray(fc.stringMatching(/^[A-Z][a-z]{1,6}$/), { minLength: 1, maxLength: 5 });

const choices = fc.tuple(words, fc.nat(), fc.boolean()).map(([choices, nth, isOptional]): Kind => {
  const declare: Kind["declare"] = (options) => p.choice(choices, options);
  return {
    type: isOptional ? "optional choice" : "choice",
    options: { choices },
    text: isOptional && nth % 3 === 0 ? "" : pick(choices, nth),
    declare: (options) => (isOptional ? p.optional(declare(options)) : declare(options)),
  };
});

const numberChoices = fc.tuple(fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 5 }), fc.nat()).map(
  ([choices, nth]): Kind => ({
    type: "choice",
    options: { choices, var_type: "int" },
    text: String(pick(choices, nth)),
    declare: (options) => p.choice(choices, options),
  }),
);

const choiceLists = fc.tuple(words, fc.array(fc.nat(), { maxLength: 5 })).map(
  ([choices, picks]): Kind => ({
    type: "choiceList",
    options: { choices },
    text: picks.map((nth) => pick(choices, nth)).join(","),
    declare: (options) => p.choiceList(choices, options),
  }),
);

const enums = fc
  .tuple(
    names,
    fc.array(fc.nat(2), { minLength: 5, maxLength: 5 }),
    fc.array(fc.nat(), { maxLength: 5 }),
    fc.boolean(),
  )
  .map(([names, values, picks, isList]): Kind => {
    // Few values, so that some of them have several names.
    const members = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    const picked = picks.map((nth) => pick(names, nth));
    return {
      type: isList ? "enumList" : "enum",
      options: { enum: members },
      text: isList ? picked.join(",") : (picked[0] ?? pick(names, 0)),
      declare: (options) => (isList ? p.enumListOf(members, options) : p.enumOf(members, options)),
    };
  });

// Whole doubles are left out: JavaScript cannot tell them from integers. So are names that are whole numbers: its objects
// put them first.
const scalars = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value)),
  texts,
);
const json = fc.letrec<{ value: Json; list: Json[]; dict: Record<string, Json> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalars,
    fc.constantFrom(null, true, false),
    tie("list"),
    tie("dict"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  dict: fc.dictionary(
    texts.filter((name) => !/^\d+$/.test(name)),
    tie("value"),
    { maxKeys: 4 },
  ),
}));
const jsonTextOf = (value: unknown, indent: number) => JSON.stringify(value, undefined, indent);
const listTexts = fc.tuple(json.list, fc.nat(2)).map(([value, indent]) => jsonTextOf(value, indent));
const dictTexts = fc.tuple(json.dict, fc.nat(2)).map(([value, indent]) => jsonTextOf(value, indent));

type Tuple = readonly (Json | Tuple)[];
const tuples = fc.letrec<{ item: Json; tuple: Tuple }>((tie) => ({
  item: fc.oneof(
    { depthSize: "small" },
    scalars,
    fc.constantFrom(null, true, false),
    tie("tuple") as fc.Arbitrary<Json>,
  ),
  tuple: fc.array(tie("item"), { maxLength: 4 }),
})).tuple;
const tupleTexts = fc.oneof(
  tuples.map((value) => pythonText(value)),
  fc.array(fc.array(scalars, { maxLength: 3 }), { maxLength: 3 }).map((value) => JSON.stringify(value)),
);

function pythonText(value: Json | Tuple): string {
  if (Array.isArray(value)) return `(${value.map((item: Json) => `${pythonText(item)},`).join("")})`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "None" : JSON.stringify(value);
}

const pathTexts = fc
  .array(fc.constantFrom("/", "//", ".", "..", "a", "b c", "å", ".x", "~"), { maxLength: 8 })
  .map((parts) => parts.join(""));

const orEmpty = (texts: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 1, arbitrary: fc.constant("") }, { weight: 3, arbitrary: texts });

/** Every type; texts are those that both sides read as the same value. */
export const kinds: Readonly<Record<string, fc.Arbitrary<Kind>>> = {
  string: kindOf("string", texts, p.string),
  int: kindOf("int", intTexts, p.int),
  float: kindOf("float", floatTexts, p.float),
  numerical: numericals,
  bool: kindOf("bool", boolTexts, p.bool),
  date: fc.oneof(gridDates, kindOf("date", dateTexts, p.date)),
  month: gridMonths,
  year: gridYears,
  time: gridTimes,
  dateInterval: kindOf("dateInterval", intervalTexts, p.dateInterval),
  timeDelta: kindOf("timeDelta", timeDeltaTexts, p.timeDelta),
  choice: choices,
  numberChoice: numberChoices,
  choiceList: choiceLists,
  enum: enums,
  list: kindOf("list", listTexts, p.list),
  tuple: kindOf("tuple", tupleTexts, p.tuple),
  dict: kindOf("dict", dictTexts, p.dict),
  path: kindOf("path", pathTexts, p.path),
  taskClass: kindOf("taskClass", fc.constant(songs.family), p.taskClass),
  optionalString: kindOf("optional string", orEmpty(texts), (options) => p.optional(p.string(options))),
  optionalInt: kindOf("optional int", orEmpty(intTexts), (options) => p.optional(p.int(options))),
  optionalFloat: kindOf("optional float", orEmpty(floatTexts), (options) => p.optional(p.float(options))),
  optionalBool: kindOf("optional bool", orEmpty(boolTexts), (options) => p.optional(p.bool(options))),
  optionalList: kindOf("optional list", orEmpty(listTexts), (options) => p.optional(p.list(options))),
  optionalTuple: kindOf("optional tuple", orEmpty(tupleTexts), (options) => p.optional(p.tuple(options))),
  optionalDict: kindOf("optional dict", orEmpty(dictTexts), (options) => p.optional(p.dict(options))),
  optionalPath: kindOf("optional path", orEmpty(pathTexts), (options) => p.optional(p.path(options))),
};

const params = fc
  .record({
    kind: fc.oneof(...Object.values(kinds)),
    name: fc.stringMatching(/^[aBzÉλ_日𝓐][0-9]{1,2}$/u),
    significant: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    visibility: fc.oneof(
      { weight: 6, arbitrary: fc.constant("public" as const) },
      { weight: 1, arbitrary: fc.constantFrom("hidden" as const, "private" as const) },
    ),
  })
  .map(({ kind, ...rest }): RandomParam => ({ ...kind, ...rest }));

export const randomTasks: fc.Arbitrary<RandomTask> = fc.record({
  namespace: fc.constantFrom("", "etl", "my.name_space"),
  name: fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,10}$/),
  params: fc.uniqueArray(params, { maxLength: 6, selector: ({ name }) => name }),
});
