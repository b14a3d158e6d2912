import { type CompletionCheck, p, type Task, type Temporal } from "@leat/core";
import { completeInBulk } from "./bulk.ts";
import { type Grid, HOURS } from "./grids.ts";
import { RangeBase } from "./range-base.ts";
import type { Limits } from "./window.ts";

/** A task for each hour from `start` up to, and without, `stop`. Each is asked whether it is complete. */
export class RangeHourlyBase extends RangeBase.with({
  start: p.optional(p.dateHour({ description: "First hour." })),
  stop: p.optional(p.dateHour({ description: "The hour after the last one." })),
  hoursBack: p.int({ default: 2400, description: "Hours before now that are looked at." }),
  hoursForward: p.int({ default: 0, description: "Hours after now that are looked at." }),
}) {
  protected override get grid(): Grid {
    return HOURS;
  }

  protected override limits(now: Temporal.PlainDateTime): Limits {
    return {
      start: this.start ?? undefined,
      stop: this.stop ?? undefined,
      earliest: now.subtract({ hours: this.hoursBack }),
      latest: now.add({ hours: this.hoursForward }),
    };
  }

  protected override momentValue(moment: Temporal.PlainDateTime): Temporal.PlainDateTime {
    return moment;
  }
}

/** A task for each hour from `start` up to, and without, `stop`. Which ones are missing is found out in bulk where it can be. */
export class RangeHourly extends RangeHourlyBase {
  protected override completeAmong(
    tasks: readonly Task[],
    check: CompletionCheck,
  ): Promise<ReadonlySet<string>> {
    return completeInBulk(this.of, tasks, check);
  }
}
