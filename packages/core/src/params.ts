import { choice, choiceList, enumListOf, enumOf } from "./params-choices.ts";
import { dict, list, tuple } from "./params-collections.ts";
import { date, month, year } from "./params-dates.ts";
import { optional } from "./params-optional.ts";
import { path } from "./params-path.ts";
import { bool, float, int, numerical, string } from "./params-scalars.ts";
import { dateInterval, timeDelta } from "./params-spans.ts";
import { taskClass } from "./params-task-class.ts";
import { dateHour, dateMinute, dateSecond } from "./params-times.ts";

/** Builders of parameters, for `Task.with({ … })`. */
export const p = {
  /** Text, taken as it is. */
  string,
  /** A whole number, exact in JavaScript (±(2^53 − 1)). */
  int,
  /** A double; its text form always shows that it is one: `5.0`, `1e-07`. */
  float,
  /** A whole number or a double within bounds: `p.numerical("int", { minimum: 1, exclusiveMaximum: 10 })`. */
  numerical,
  /** A switch; false when it is not given. */
  bool,

  /** A calendar day without a zone, `Temporal.PlainDate`: `2026-11-20`. */
  date,
  /** A month, `Temporal.PlainYearMonth`: `2026-11`. */
  month,
  /** A year, a number: `2026`. */
  year,
  /** An hour of a day without a zone, `Temporal.PlainDateTime`: `2026-11-20T07`. */
  dateHour,
  /** A minute of a day without a zone, `Temporal.PlainDateTime`: `2026-11-20T0730`. */
  dateMinute,
  /** A second of a day without a zone, `Temporal.PlainDateTime`: `2026-11-20T073059`. */
  dateSecond,
  /** A `DateInterval`: `2026`, `2026-11`, `2026-W47`, `2026-11-20` or `2026-11-20-2026-12-24`. */
  dateInterval,
  /** A length of time, `Temporal.Duration`: `0 w 1 d 12 h 0 m 0 s`. */
  timeDelta,

  /** One of a list of texts or of numbers. */
  choice,
  /** Any of a list of texts or of numbers, in any order: `se,rs`. */
  choiceList,
  /** A value of an object that is used as an enum, or of an `enum`; its text is its name. */
  enumOf,
  /** Values of an object that is used as an enum, or of an `enum`: `Red,Green`. */
  enumListOf,

  /** A list of JSON values: `[1, "a"]`. */
  list,
  /** As `list`, and reads tuples as Python writes them: `(1, "a")`. */
  tuple,
  /** A JSON object: `{"a": 1}`. */
  dict,

  /** A path of the local file system, without `.` and empty segments. */
  path,
  /** A task class; its text is its family. */
  taskClass,
  /** Any other parameter, or `null`: `p.optional(p.int())`. */
  optional,
};
