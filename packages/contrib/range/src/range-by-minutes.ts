import { type CompletionCheck, p, type Task, type Temporal } from "@leat/core";
import { completeInBulk } from "./bulk.ts";
import { type Grid, minutes } from "./grids.ts";
import { RangeBase } from "./range-base.ts";
import type { Limits } from "./window.ts";

/**
 * A task for every `minutesInterval` minutes of each hour from `start` up to, and without, `stop`. Each is asked whether it
 * is complete.
 */
export class RangeByMinutesBase extends RangeBase.with({
  start: p.optional(p.dateMinute({ description: "First minute." })),
  stop: p.optional(p.dateMinute({ description: "The minute after the last one." })),
  minutesBack: p.int({ default: 1440, description: "Minutes before now that are looked at." }),
  minutesForward: p.int({ default: 0, description: "Minutes after now that are looked at." }),
  minutesInterval: p.choice([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30], {
    default: 1,
    description: "Minutes from one to the next.",
  }),
}) {
  protected override get grid(): Grid {
    return minutes(this.minutesInterval);
  }

  protected override limits(now: Temporal.PlainDateTime): Limits {
    return {
      start: this.start ?? undefined,
      stop: this.stop ?? undefined,
      earliest: now.subtract({ minutes: this.minutesBack }),
      latest: now.add({ minutes: this.minutesForward }),
    };
  }

  protected override momentValue(moment: Temporal.PlainDateTime): Temporal.PlainDateTime {
    return moment;
  }
}

/**
 * A task for every `minutesInterval` minutes of each hour from `start` up to, and without, `stop`. Which ones are missing is
 * found out in bulk where it can be.
 */
export class RangeByMinutes extends RangeByMinutesBase {
  protected override completeAmong(
    tasks: readonly Task[],
    check: CompletionCheck,
  ): Promise<ReadonlySet<string>> {
    return completeInBulk(this.of, tasks, check);
  }
}
