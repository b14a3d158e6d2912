import { DateInterval, p, Param, previous, previousCompleted, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

const STEPS: readonly [kind: string, param: Param<any>, value: string, before: string][] = [
  ["date over a leap day", p.date(), "2000-03-01", "2000-02-29"],
  ["date on a grid of weeks", p.date({ intervalDays: 7 }), "1970-01-15", "1970-01-08"],
  ["month", p.month(), "2000-01", "1999-12"],
  ["year", p.year(), "2000", "1999"],
  ["hour", p.dateHour(), "2000-03-01T00", "2000-02-29T23"],
  ["hour on a grid", p.dateHour({ intervalHours: 6 }), "2000-03-01T06", "2000-03-01T00"],
  ["minute", p.dateMinute(), "2000-03-01T0000", "2000-02-29T2359"],
  ["second", p.dateSecond(), "2000-03-01T000000", "2000-02-29T235959"],
  ["week", p.dateInterval(), "2000-W01", "1999-W52"],
  ["month of a date interval", p.dateInterval(), "2000-03", "2000-02"],
];

describe("previous()", () => {
  it.each(STEPS)("goes back by one %s", (_, param, value, before) => {
    class Stepping extends Job.with({
      name: p.string(),
      when: param,
      secret: p.int({ significant: false }),
    }) {}
    const task = new Stepping({ name: "kept", when: param.parse(value, "when"), secret: 7 });
    const found = previous(task);
    expect(String(found)).toBe(`Stepping(name=kept, when=${before})`);
    expect(found.secret).toBe(7);
    expect(found).toBeInstanceOf(Stepping);
  });

  class Two extends Job.with({ from: p.date(), to: p.date() }) {}
  const day = Temporal.PlainDate.from("2026-11-20");

  it("of a task with two parameters of time needs the name of one", () => {
    const task = new Two({ from: day, to: day });
    expect(() => previous(task)).toThrow(leatError("PREVIOUS_UNDEFINED", "from and to", 'param: "from"'));
    expect(String(previous(task, { param: "to" }))).toBe("Two(from=2026-11-20, to=2026-11-19)");
  });

  it("is refused where no parameter steps, numbers included", () => {
    class Numbered extends Job.with({ n: p.int() }) {}
    expect(() => previous(new Numbered({ n: 1 }))).toThrow(
      leatError("PREVIOUS_UNDEFINED", "no parameter of a date"),
    );
    expect(() => previous(new Numbered({ n: 1 }), { param: "n" })).toThrow(
      leatError("PREVIOUS_UNDEFINED", '"n"'),
    );
  });

  it("is refused before the first year, and for an interval of one's own", () => {
    class Yearly extends Job.with({ year: p.year() }) {}
    expect(() => previous(new Yearly({ year: 1 }))).toThrow(
      leatError("PREVIOUS_UNDEFINED", "no value before"),
    );
    class Spanning extends Job.with({ span: p.dateInterval() }) {}
    const span = DateInterval.parse("2026-11-20-2026-12-24");
    expect(() => previous(new Spanning({ span }))).toThrow(
      leatError("PREVIOUS_UNDEFINED", "no value before"),
    );
  });
});

describe("previousCompleted()", () => {
  class Daily extends Job.with({ date: p.date() }) {
    override async complete(): Promise<boolean> {
      return this.date.day === 17;
    }
  }
  const daily = (day: number) => new Daily({ date: Temporal.PlainDate.from({ year: 2026, month: 11, day }) });

  it("finds the latest complete one before the task, up to the limit of steps", async () => {
    expect(String(await previousCompleted(daily(20)))).toBe("Daily(date=2026-11-17)");
    expect(String(await previousCompleted(daily(20), { maxSteps: 3 }))).toBe("Daily(date=2026-11-17)");
    expect(await previousCompleted(daily(20), { maxSteps: 2 })).toBeUndefined();
  });

  it("does not consider the task itself", async () => {
    expect(await previousCompleted(daily(17))).toBeUndefined();
  });

  it("asks through the check that it is given", async () => {
    const check = async (task: unknown) => String(task).endsWith("14)");
    expect(String(await previousCompleted(daily(20), { check }))).toBe("Daily(date=2026-11-14)");
  });
});
