import { Temporal } from "temporal-polyfill";
import {
  afterTheBegin,
  beforeTheEnd,
  dateOf,
  digits,
  epochDay,
  formatDate,
  inYears,
  modulo,
  readFields,
  temporalKind,
  toPlainDate,
} from "./calendar.ts";
import type { ParamOptions, ParamType } from "./param.ts";
import { invalidDeclaration, paramBuilder } from "./param-builder.ts";
import { requireInterval } from "./params-dates.ts";

interface TimeParamOptions extends ParamOptions<Temporal.PlainDateTime> {
  /** Where the grid begins. Default 1970-01-01T00:00:00. */
  readonly start?: Temporal.PlainDateTime;
}

/** Options of `p.dateHour`. */
export interface DateHourParamOptions extends TimeParamOptions {
  /** Grid of accepted hours: values are moved back to the last `start + n × intervalHours`. Default 1. */
  readonly intervalHours?: number;
}

/** Options of `p.dateMinute`. */
export interface DateMinuteParamOptions extends TimeParamOptions {
  /** Grid of accepted minutes: values are moved back to the last `start + n × intervalMinutes`. Default 1. */
  readonly intervalMinutes?: number;
}

/** Options of `p.dateSecond`. */
export interface DateSecondParamOptions extends TimeParamOptions {
  /** Grid of accepted seconds: values are moved back to the last `start + n × intervalSeconds`. Default 1. */
  readonly intervalSeconds?: number;
}

type DateTime = Temporal.PlainDateTime;

/** A date-time cut to hours, minutes or seconds. */
interface Resolution {
  readonly name: string;
  readonly example: string;
  readonly form: string;
  readonly pattern: RegExp;
  readonly seconds: number;
  formatTime(value: DateTime): string;
}

const HOUR: Resolution = {
  name: "dateHour",
  example: "an hour such as 2026-11-20T07",
  form: "YYYY-MM-DDTHH",
  pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2})$/i,
  seconds: 3600,
  formatTime: ({ hour }) => digits(hour),
};

const MINUTE: Resolution = {
  name: "dateMinute",
  example: "a minute such as 2026-11-20T0730",
  form: "YYYY-MM-DDTHHMM",
  pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{2})(\d{2})$/i,
  seconds: 60,
  formatTime: ({ hour, minute }) => digits(hour) + digits(minute),
};

const SECOND: Resolution = {
  name: "dateSecond",
  example: "a second such as 2026-11-20T073059",
  form: "YYYY-MM-DDTHHMMSS",
  pattern: /^(\d{4})-(\d{1,2})-(\d{1,2})T(\d{2})(\d{2})(\d{2})$/i,
  seconds: 1,
  formatTime: ({ hour, minute, second }) => digits(hour) + digits(minute) + digits(second),
};

const EPOCH = Temporal.PlainDateTime.from("1970-01-01");

/** An hour of a day without a zone, `Temporal.PlainDateTime`: `2026-11-20T07`. */
export const dateHour = paramBuilder<DateTime, DateHourParamOptions>(({ intervalHours = 1, start }) => {
  requireInterval("intervalHours", intervalHours);
  return timeType(HOUR, intervalHours, start);
});

/** A minute of a day without a zone, `Temporal.PlainDateTime`: `2026-11-20T0730`. */
export const dateMinute = paramBuilder<DateTime, DateMinuteParamOptions>(({ intervalMinutes = 1, start }) => {
  requireInterval("intervalMinutes", intervalMinutes);
  return timeType(MINUTE, intervalMinutes, start);
});

/** A second of a day without a zone, `Temporal.PlainDateTime`: `2026-11-20T073059`. */
export const dateSecond = paramBuilder<DateTime, DateSecondParamOptions>(({ intervalSeconds = 1, start }) => {
  requireInterval("intervalSeconds", intervalSeconds);
  return timeType(SECOND, intervalSeconds, start);
});

function timeType(resolution: Resolution, interval: number, start: DateTime = EPOCH): ParamType<DateTime> {
  const step = resolution.seconds * interval;
  const startSecond = epochSecond(toWholeSecond(start));
  if (startSecond % resolution.seconds !== 0) {
    // Its values could not be told apart from others by their texts.
    throw invalidDeclaration(
      `A ${resolution.name} grid cannot start at ${start}. Give ${resolution.example}.`,
    );
  }
  return {
    name: resolution.name,
    expects: resolution.example,
    parse: (text) => parseTime(text, resolution),
    serialize: (value) => `${formatDate(value)}T${resolution.formatTime(value)}`,
    normalize(value) {
      const time = toWholeSecond(value);
      const past = modulo(epochSecond(time) - startSecond, step);
      return inYears(past === 0 ? time : time.subtract({ seconds: past }));
    },
    successor: (value) => beforeTheEnd(value.add({ seconds: step })),
    predecessor: (value) => afterTheBegin(value.subtract({ seconds: step })),
  };
}

function parseTime(text: string, { pattern, form }: Resolution): DateTime {
  const [year, month, day, hour, minute = 0, second = 0] = readFields(text, pattern, form);
  const date = dateOf(year as number, month as number, day as number);
  try {
    return date.toPlainDateTime(
      Temporal.PlainTime.from({ hour: hour as number, minute, second }, { overflow: "reject" }),
    );
  } catch {
    throw new RangeError("there is no such time of day");
  }
}

/** A date is its midnight; what is shorter than a second is dropped. */
function toWholeSecond(value: unknown): DateTime {
  const kind = temporalKind(value);
  if (kind === "PlainDate") return toPlainDate(value).toPlainDateTime();
  if (kind !== "PlainDateTime") throw new TypeError("it is not a Temporal.PlainDateTime");
  const time = value as DateTime;
  if (isWholeSecond(time) && time.calendarId === "iso8601" && time instanceof Temporal.PlainDateTime)
    return time;
  const { hour, minute, second } = time;
  return toPlainDate(time).toPlainDateTime({ hour, minute, second });
}

function isWholeSecond({ millisecond, microsecond, nanosecond }: DateTime): boolean {
  return millisecond === 0 && microsecond === 0 && nanosecond === 0;
}

function epochSecond(time: DateTime): number {
  return 86_400 * epochDay(time) + 3600 * time.hour + 60 * time.minute + time.second;
}
