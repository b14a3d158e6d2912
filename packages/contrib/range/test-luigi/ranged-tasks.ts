import { type ConcreteTaskClass, p, Task, Temporal } from "@leat/core";

// The tasks of luigi_ranges.py.

const EPOCH = Temporal.PlainDateTime.from("1970-01-01");

abstract class Ranged extends Task.with({
  tag: p.int({ default: 0 }),
  every: p.int({ default: 0, significant: false }),
}) {
  /** The number of its moment among all of its kind. */
  abstract get number(): number;

  override output(): undefined {
    return undefined;
  }
  override run(): void {}
  override async complete(): Promise<boolean> {
    return this.every > 0 && this.number % this.every === 0;
  }
}

class Daily extends Ranged.with({ at: p.date() }) {
  override get number() {
    return EPOCH.toPlainDate().until(this.at, { largestUnit: "days" }).days;
  }
}

class Hourly extends Ranged.with({ at: p.dateHour() }) {
  override get number() {
    return EPOCH.until(this.at).total("hours");
  }
}

class Minutely extends Ranged.with({ at: p.dateMinute() }) {
  override get number() {
    return EPOCH.until(this.at).total("minutes");
  }
}

class Monthly extends Ranged.with({ at: p.month() }) {
  override get number() {
    return 12 * (this.at.year - 1970) + this.at.month - 1;
  }
}

/** Those of some tasks that say themselves that they are complete. */
async function complete<T extends Task>(tasks: Iterable<T>): Promise<T[]> {
  const all = [...tasks];
  const answers = await Promise.all(all.map((task) => task.complete()));
  return all.filter((_, index) => answers[index]);
}

class DailyBulk extends Daily {
  static override bulkComplete = complete;
}

class HourlyBulk extends Hourly {
  static override bulkComplete = complete;
}

class MinutelyBulk extends Minutely {
  static override bulkComplete = complete;
}

export const RANGED = {
  daily: { plain: Daily, bulk: DailyBulk },
  hourly: { plain: Hourly, bulk: HourlyBulk },
  minutes: { plain: Minutely, bulk: MinutelyBulk },
  monthly: { plain: Monthly, bulk: Monthly },
} satisfies Record<string, { plain: ConcreteTaskClass; bulk: ConcreteTaskClass }>;
