import type { Temporal } from "temporal-polyfill";
import { DateInterval } from "./date-interval.ts";
import type { ParamType } from "./param.ts";
import { paramBuilder } from "./param-builder.ts";
import { formatTimeDelta, parseTimeDelta, toTimeDelta } from "./time-delta.ts";

const dateIntervalType: ParamType<DateInterval> = {
  name: "dateInterval",
  expects: "a date interval such as 2026, 2026-11, 2026-W47, 2026-11-20 or 2026-11-20-2026-12-24",
  parse: (text) => DateInterval.parse(text),
  serialize: String,
  normalize(value) {
    if (!DateInterval.isDateInterval(value)) throw new TypeError("it is not a DateInterval");
    return value instanceof DateInterval ? value : DateInterval.parse(String(value));
  },
  predecessor: (value) => (value.kind === "custom" ? undefined : value.previous()),
};

const timeDeltaType: ParamType<Temporal.Duration> = {
  name: "timeDelta",
  expects: "a length of time such as 1 d 12 h, P1DT12H or a number of seconds",
  parse: parseTimeDelta,
  serialize: formatTimeDelta,
  normalize: toTimeDelta,
};

/** A `DateInterval`: `2026`, `2026-11`, `2026-W47`, `2026-11-20` or `2026-11-20-2026-12-24`. */
export const dateInterval = paramBuilder(dateIntervalType);

/** A length of time, `Temporal.Duration`: `0 w 1 d 12 h 0 m 0 s`. */
export const timeDelta = paramBuilder(timeDeltaType);
