import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalTarget, p, type RangeMeasured, Task, WrapperTask } from "@leat/core";
import { RangeDaily, RangeDailyBase } from "@leat/range";
import { planTasks, run } from "@leat/worker";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { at, date, markedTasks } from "./support.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "leat-range-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const log = { debug() {}, info() {}, warn() {}, error() {} };
const now = at("2026-11-30T12:00:00");
const week = { start: date("2026-11-01"), stop: date("2026-11-08"), now };

const ran: string[] = [];
class Report extends Task.with({ folder: p.string({ significant: false }), at: p.date() }) {
  override output() {
    return new LocalTarget(join(this.folder, `report-${this.at}.txt`));
  }
  override async run() {
    ran.push(String(this.at.day));
    if (this.at.day === 5) throw new Error("no data on the 5th");
    await this.output().writeText("");
  }
}

const reports = (args: object) => new RangeDaily({ of: Report, ofParams: { folder }, ...week, ...args });

describe("a run of a range", () => {
  beforeEach(() => void (ran.length = 0));

  it("fills in what is missing in order, as much as the limit allows, and goes on in the next run", async () => {
    await new Report({ folder, at: date("2026-11-02") }).output().writeText("");
    expect((await run([reports({ taskLimit: 2 })], { log })).succeeded).toBe(true);
    expect(ran).toEqual(["1", "3"]);
    expect((await run([reports({ taskLimit: 2, reverse: true })], { log })).succeeded).toBe(true);
    expect(ran).toEqual(["1", "3", "7", "6"]);
  });

  it("goes on behind a task that fails", async () => {
    const { summaryText, succeeded } = await run([reports({})], { log });
    expect(succeeded).toBe(false);
    expect(ran).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
    expect(summaryText).toContain("* 1 failed:\n    - 1 Report(");
    expect(summaryText).toContain("    * 1 had failed dependencies:\n        - 1 RangeDaily(...)");
    const again = await planTasks([reports({})], { log });
    expect(Array.from(again.tasks.values(), ({ state }) => state)).toEqual(["incomplete", "incomplete"]);
  });

  it("goes on behind a task that cannot tell whether it is complete", async () => {
    class Doubtful extends Report {
      override async complete() {
        if (this.at.day === 2) throw new Error("cannot tell");
        return super.complete();
      }
    }
    const { summary } = await run([reports({ of: Doubtful, stop: date("2026-11-04") })], { log });
    expect(ran).toEqual(["1", "3"]);
    expect([
      summary.succeeded.length,
      summary.schedulingFailed.length,
      summary.upstreamSchedulingFailed.length,
    ]).toEqual([2, 1, 1]);
  });

  it("takes the same requirements wherever the range stands in the graph", async () => {
    class Both extends WrapperTask.with({ folder: p.string() }) {
      override requires() {
        return [reports({ taskLimit: 2 }), reports({ taskLimit: 2 })];
      }
    }
    expect((await run([new Both({ folder })], { log })).succeeded).toBe(true);
    expect(ran).toEqual(["1", "2"]);
  });

  it("has nothing to do when nothing is missing", async () => {
    const { Daily } = markedTasks(new Set(["2026-11-01"]));
    const range = new RangeDailyBase({ of: Daily, start: date("2026-11-01"), stop: date("2026-11-02"), now });
    const { summaryText } = await run([range], { log });
    expect(summaryText).toContain("* 1 complete ones were encountered:\n    - 1 RangeDailyBase(");
    expect(summaryText).toContain("Did not run any tasks");
  });
});

describe("the event range:measured", () => {
  /** What planning of a range of days tells, where some days are done. */
  async function measured(args: object, done: readonly string[]): Promise<Omit<RangeMeasured, "task">[]> {
    const events: Omit<RangeMeasured, "task">[] = [];
    const range = new RangeDailyBase({ of: markedTasks(new Set(done)).Daily, ...args } as never);
    await planTasks([range], {
      log,
      listen: (bus) =>
        bus.on(
          "range:measured",
          ({ family, delay, completeCount, completeFraction }) =>
            void events.push({ family, delay, completeCount, completeFraction }),
        ),
    });
    return events;
  }

  it("counts what was not looked at as complete, and the delay from the oldest missing day to stop", async () => {
    const even = ["20", "22", "24"].map((day) => `2026-11-${day}`);
    const args = { start: date("2026-11-20"), stop: date("2026-12-01"), now: at("2026-11-26T00:00:00") };
    expect(await measured(args, even)).toEqual([
      { family: "Daily", delay: 10, completeCount: 8, completeFraction: 8 / 11 },
    ]);
  });

  it("counts missing tasks beyond the limit", async () => {
    const args = { ...week, taskLimit: 1 };
    expect(await measured(args, ["2026-11-01"])).toEqual([
      { family: "Daily", delay: 6, completeCount: 1, completeFraction: 1 / 7 },
    ]);
  });

  it("tells of a whole range where there are no days", async () => {
    const args = { stop: date("2026-01-01"), reverse: true, now };
    expect(await measured(args, [])).toEqual([
      { family: "Daily", delay: 0, completeCount: 0, completeFraction: 1 },
    ]);
  });

  it("counts all days of the range over years, also those that are not looked at", async () => {
    const args = {
      start: date("2011-01-01"),
      stop: date("2025-01-01"),
      now: at("2017-10-22T12:04:29"),
      daysBack: 3 * 365,
      daysForward: 3 * 365,
    };
    const missing = [
      "2014-10-24",
      "2014-10-25",
      "2016-02-29",
      "2017-10-22",
      "2018-01-01",
      "2020-10-19",
      "2020-10-20",
    ];
    const first = date("2014-10-24");
    const all = Array.from({ length: 2 * 3 * 365 + 1 }, (_, days) => String(first.add({ days })));
    const [numbers] = await measured(
      args,
      all.filter((day) => !missing.includes(day)),
    );
    expect(numbers).toEqual({
      family: "Daily",
      delay: 3722,
      completeCount: 5107,
      completeFraction: 5107 / 5114,
    });
  });
});
