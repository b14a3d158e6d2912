import { type CompletionCheck, p, type Task, type Temporal } from "@leat/core";
import { completeInBulk } from "./bulk.ts";
import { DAYS, type Grid } from "./grids.ts";
import { RangeBase } from "./range-base.ts";
import type { Limits } from "./window.ts";

/** A task for each day from `start` up to, and without, `stop`. Each is asked whether it is complete. */
export class RangeDailyBase extends RangeBase.with({
  start: p.optional(p.date({ description: "First day." })),
  stop: p.optional(p.date({ description: "The day after the last one." })),
  daysBack: p.int({ default: 100, description: "Days before now that are looked at." }),
  daysForward: p.int({ default: 0, description: "Days after now that are looked at." }),
}) {
  protected override get grid(): Grid {
    return DAYS;
  }

  protected override limits(now: Temporal.PlainDateTime): Limits {
    return {
      start: this.start?.toPlainDateTime(),
      stop: this.stop?.toPlainDateTime(),
      earliest: now.subtract({ days: this.daysBack }),
      latest: now.add({ days: this.daysForward }),
    };
  }

  protected override momentValue(moment: Temporal.PlainDateTime): Temporal.PlainDate {
    return moment.toPlainDate();
  }
}

/** A task for each day from `start` up to, and without, `stop`. Which ones are missing is found out in bulk where it can be. */
export class RangeDaily extends RangeDailyBase {
  protected override completeAmong(
    tasks: readonly Task[],
    check: CompletionCheck,
  ): Promise<ReadonlySet<string>> {
    return completeInBulk(this.of, tasks, check);
  }
}
