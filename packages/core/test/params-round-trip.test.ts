import { DateInterval, type Json, type Param, p, Temporal } from "@leat/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seed } from "./support.ts";

const dates = fc
  .integer({ min: -719_162, max: 2_932_896 - 366 })
  .map((days) => Temporal.PlainDate.from("1970-01-01").add({ days }));
const times = fc
  .tuple(dates, fc.nat(86_399), fc.nat(999_999_999))
  .map(([date, seconds, nanoseconds]) => date.toPlainDateTime().add({ seconds, nanoseconds }));
const intervals = fc.oneof(
  fc
    .tuple(dates, fc.constantFrom("year", "month", "week", "day"))
    .filter(([date]) => date.year > 1)
    .map(([date, kind]) => DateInterval.containing(date, kind as "year")),
  fc.tuple(dates, dates).map(([start, end]) => DateInterval.between(start, end)),
);
const durations = fc
  .record({
    days: fc.nat(999_999_998),
    hours: fc.nat(23),
    seconds: fc.nat(3599),
    nanoseconds: fc.nat(999_999_999),
    sign: fc.constantFrom(1, -1),
  })
  .map(({ sign, ...fields }) => {
    const duration = Temporal.Duration.from(fields);
    return sign === 1 ? duration : duration.negated();
  });
const json = fc.letrec<{ value: Json; list: Json[]; dict: Record<string, Json> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.string({ unit: "binary" }),
    tie("list"),
    tie("dict"),
  ),
  list: fc.array(tie("value"), { maxLength: 5 }),
  dict: fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { maxKeys: 5 }),
}));

const Color = { Red: "#f00", Green: "#0f0", None: null } as const;

interface Subject {
  readonly param: Param<any>;
  readonly values: fc.Arbitrary<unknown>;
}

const SUBJECTS: Readonly<Record<string, Subject>> = {
  string: { param: p.string(), values: fc.string({ unit: "binary" }) },
  int: { param: p.int(), values: fc.maxSafeInteger() },
  float: { param: p.float(), values: fc.double() },
  numerical: { param: p.numerical("float", { minimum: 0 }), values: fc.double({ min: 0, noNaN: true }) },
  bool: { param: p.bool(), values: fc.boolean() },
  date: { param: p.date(), values: dates },
  "date on a grid": { param: p.date({ intervalDays: 7 }), values: dates.filter(({ year }) => year > 1) },
  month: { param: p.month(), values: dates.map((date) => date.toPlainYearMonth()) },
  year: { param: p.year(), values: fc.integer({ min: 1, max: 9999 }) },
  dateHour: { param: p.dateHour(), values: times },
  dateMinute: { param: p.dateMinute(), values: times },
  dateSecond: { param: p.dateSecond({ intervalSeconds: 5 }), values: times },
  dateInterval: { param: p.dateInterval(), values: intervals },
  timeDelta: { param: p.timeDelta(), values: durations },
  choice: { param: p.choice([1, 2, 3]), values: fc.constantFrom(1, 2, 3) },
  choiceList: { param: p.choiceList(["a", "b"]), values: fc.array(fc.constantFrom("a", "b")) },
  enumOf: { param: p.enumOf(Color), values: fc.constantFrom(...Object.values(Color)) },
  enumListOf: { param: p.enumListOf(Color), values: fc.array(fc.constantFrom(...Object.values(Color))) },
  list: { param: p.list(), values: json.list },
  tuple: { param: p.tuple(), values: json.list },
  dict: { param: p.dict(), values: json.dict },
  path: { param: p.path(), values: fc.string({ unit: "binary" }) },
  "optional int": { param: p.optional(p.int()), values: fc.option(fc.maxSafeInteger()) },
  "optional string": { param: p.optional(p.string()), values: fc.option(fc.string()) },
};

describe(`values, seed ${seed}`, () => {
  it.each(Object.entries(SUBJECTS))("of %s come back from their text", (_name, { param, values }) => {
    fc.assert(
      fc.property(values, (value) => {
        const normal: unknown = param.check(value, "T.x");
        const text = param.type.serialize(normal);
        const read: unknown = param.parse(text, "T.x");
        expect(comparable(read)).toEqual(comparable(normal));
        expect(param.type.serialize(read)).toBe(text);
      }),
      { seed },
    );
  });

  it.each(Object.entries(SUBJECTS))("of %s do not change when checked again", (_name, { param, values }) => {
    fc.assert(
      fc.property(values, (value) => {
        const normal: unknown = param.check(value, "T.x");
        expect(comparable(param.check(normal, "T.x"))).toEqual(comparable(normal));
      }),
      { seed },
    );
  });

  it.each(Object.entries(SUBJECTS).filter(([, { param }]) => param.type.successor !== undefined))(
    "of %s have a successor that is a value again, except for the last",
    (_name, { param, values }) => {
      fc.assert(
        fc.property(values, (value) => {
          const normal: unknown = param.check(value, "T.x");
          const next: unknown = param.type.successor?.(normal);
          if (next === undefined) return;
          expect(comparable(param.check(next, "T.x"))).toEqual(comparable(next));
          expect(comparable(next)).not.toEqual(comparable(normal));
        }),
        { seed },
      );
    },
  );
});

/** Values of Temporal hide their fields from comparison, so their own texts stand for them. */
function comparable(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(Symbol.toStringTag in value)) return value;
  return [value[Symbol.toStringTag], (value as Temporal.PlainDate).toString()];
}
