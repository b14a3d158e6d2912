import { type CompletionCheck, p, type Task, type Temporal } from "@leat/core";
import { completeInBulk } from "./bulk.ts";
import { firstOfMonth, type Grid, MONTHS } from "./grids.ts";
import { RangeBase } from "./range-base.ts";
import type { Limits } from "./window.ts";

/**
 * A task for each month from `start` up to, and without, `stop`; the current month is not looked at unless `monthsForward`
 * says so. Which ones are missing is found out in bulk where it can be.
 */
export class RangeMonthly extends RangeBase.with({
  start: p.optional(p.month({ description: "First month." })),
  stop: p.optional(p.month({ description: "The month after the last one." })),
  monthsBack: p.int({ default: 13, description: "Months before this one that are looked at." }),
  monthsForward: p.int({ default: 0, description: "Months from this one on that are looked at." }),
}) {
  protected override get grid(): Grid {
    return MONTHS;
  }

  protected override limits(now: Temporal.PlainDateTime): Limits {
    const month = firstOfMonth(now);
    return {
      start: this.start?.toPlainDate({ day: 1 }).toPlainDateTime(),
      stop: this.stop?.toPlainDate({ day: 1 }).toPlainDateTime(),
      earliest: month.subtract({ months: this.monthsBack }),
      latest: month.add({ months: this.monthsForward }),
    };
  }

  /** The first day of the month, which parameters of months and of days accept. */
  protected override momentValue(moment: Temporal.PlainDateTime): Temporal.PlainDate {
    return moment.toPlainDate();
  }

  protected override completeAmong(
    tasks: readonly Task[],
    check: CompletionCheck,
  ): Promise<ReadonlySet<string>> {
    return completeInBulk(this.of, tasks, check);
  }
}
