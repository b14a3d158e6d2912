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

/** Options of `p.date`. */
export interface DateParamOptions extends ParamOptions<Temporal.PlainDate> {
  /** Grid of accepted days: values are moved back to the last `start + n × intervalDays`. Default 1. */
  readonly intervalDays?: number;
  /** Where the grid begins. Default 1970-01-01. */
  readonly start?: Temporal.PlainDate;
}

/** Options of `p.month`. */
export interface MonthParamOptions extends ParamOptions<Temporal.PlainYearMonth> {
  /** Grid of accepted months: values are moved back to the last `start + n × intervalMonths`. Default 1. */
  readonly intervalMonths?: number;
  /** Where the grid begins. Default 1970-01. */
  readonly start?: Temporal.PlainYearMonth;
}

/** Options of `p.year`. */
export interface YearParamOptions extends ParamOptions<number> {
  /** Grid of accepted years: values are moved back to the last `start + n × intervalYears`. Default 1. */
  readonly intervalYears?: number;
  /** Where the grid begins. Default 1970. */
  readonly start?: number;
}

const EPOCH = Temporal.PlainDate.from("1970-01-01");

/** A calendar day without a zone, `Temporal.PlainDate`: `2026-11-20`. */
export const date = paramBuilder<Temporal.PlainDate, DateParamOptions>(dateType);

/** A month, `Temporal.PlainYearMonth`: `2026-11`. */
export const month = paramBuilder<Temporal.PlainYearMonth, MonthParamOptions>(monthType);

/** A year, a number: `2026`. */
export const year = paramBuilder<number, YearParamOptions>(yearType);

function dateType({ intervalDays = 1, start = EPOCH }: DateParamOptions): ParamType<Temporal.PlainDate> {
  requireInterval("intervalDays", intervalDays);
  const startDay = epochDay(toPlainDate(start));
  return {
    name: "date",
    expects: "a date such as 2026-11-20",
    parse(text) {
      const fields = readFields(text, /^(\d{4})-(\d{1,2})-(\d{1,2})$/, "YYYY-MM-DD");
      return dateOf(...(fields as [number, number, number]));
    },
    serialize: formatDate,
    normalize(value) {
      const day = toPlainDate(value);
      const past = intervalDays === 1 ? 0 : modulo(epochDay(day) - startDay, intervalDays);
      return inYears(past === 0 ? day : day.subtract({ days: past }));
    },
    successor: (value) => beforeTheEnd(value.add({ days: intervalDays })),
    predecessor: (value) => afterTheBegin(value.subtract({ days: intervalDays })),
  };
}

function monthType({
  intervalMonths = 1,
  start = EPOCH.toPlainYearMonth(),
}: MonthParamOptions): ParamType<Temporal.PlainYearMonth> {
  requireInterval("intervalMonths", intervalMonths);
  const startMonth = epochMonth(toPlainYearMonth(start));
  return {
    name: "month",
    expects: "a month such as 2026-11",
    parse(text) {
      const [year, month] = readFields(text, /^(\d{4})-(\d{1,2})$/, "YYYY-MM") as [number, number];
      return dateOf(year, month, 1).toPlainYearMonth();
    },
    serialize: ({ year, month }) => `${digits(year, 4)}-${digits(month)}`,
    normalize(value) {
      const month = toPlainYearMonth(value);
      const past = modulo(epochMonth(month) - startMonth, intervalMonths);
      return inYears(past === 0 ? month : month.subtract({ months: past }));
    },
    successor: (value) => beforeTheEnd(value.add({ months: intervalMonths })),
    predecessor: (value) => afterTheBegin(value.subtract({ months: intervalMonths })),
  };
}

function yearType({ intervalYears = 1, start = EPOCH.year }: YearParamOptions): ParamType<number> {
  requireInterval("intervalYears", intervalYears);
  return {
    name: "year",
    expects: "a year such as 2026",
    parse: (text) => readFields(text, /^(\d{4})$/, "YYYY")[0] as number,
    serialize: (year) => digits(year, 4),
    normalize(value) {
      if (!Number.isInteger(value)) throw new TypeError("it is not a whole number");
      const year = value as number;
      return inYears({ year: year - modulo(year - start, intervalYears) }).year;
    },
    successor: (year) => beforeTheEnd({ year: year + intervalYears })?.year,
    predecessor: (year) => afterTheBegin({ year: year - intervalYears })?.year,
  };
}

function toPlainYearMonth(value: unknown): Temporal.PlainYearMonth {
  if (temporalKind(value) !== "PlainYearMonth") return toPlainDate(value).toPlainYearMonth();
  const month = value as Temporal.PlainYearMonth;
  if (month.calendarId !== "iso8601") throw new TypeError("it is not of the ISO 8601 calendar");
  return month instanceof Temporal.PlainYearMonth ? month : Temporal.PlainYearMonth.from(String(month));
}

function epochMonth({ year, month }: Temporal.PlainYearMonth): number {
  return 12 * year + month;
}

/** Refuses a grid that no value can be on. */
export function requireInterval(option: string, interval: number): void {
  if (Number.isSafeInteger(interval) && interval > 0) return;
  throw invalidDeclaration(`The option ${option} cannot be ${interval}. Give a whole number of 1 or more.`);
}
