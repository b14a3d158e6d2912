import {
  type CompletionCheck,
  type EventBus,
  p,
  type ParamArgs,
  type Task,
  Temporal,
  UsageError,
  WrapperTask,
} from "@leat/core";
import { completeOneByOne } from "./bulk.ts";
import type { Grid } from "./grids.ts";
import { taskMaker } from "./ranged-task.ts";
import { indexesOf, type Limits, progressOf, type Window, windowOf } from "./window.ts";

const PARAMS = {
  of: p.taskClass({ description: "The task to require for each moment." }),
  ofParams: p.dict({ default: {}, description: "Values of its other parameters, by name." }),
  all: p.bool({
    significant: false,
    description:
      "Require all from start to stop: also those that are complete, however many, however far back.",
  }),
  reverse: p.bool({ description: "Begin with the newest." }),
  taskLimit: p.numerical("int", {
    minimum: 0,
    default: 50,
    description: "Tasks to require at most; the next run takes the next ones.",
  }),
  now: p.optional(
    p.int({
      description: "Time to count back and forward from, in seconds since 1970. Default: the time in UTC.",
    }),
  ),
  paramName: p.optional(
    p.string({ description: "Parameter that gets the moment. Default: the first that accepts it." }),
  ),
};

/** What `requires()` gives for a range, by its id: requirements are found on whichever object is asked first. */
const FOUND = new Map<string, () => readonly Task[]>();

/**
 * A wrapper of a task for each moment of a range: those that are missing, the oldest first. Each time it is asked whether it
 * is complete it looks anew which ones are missing.
 */
export abstract class RangeBase extends WrapperTask.with(PARAMS) {
  /** @throws UsageError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_INVALID` */
  constructor(args: ParamArgs<typeof PARAMS>) {
    super(args);
    this.#checkLimits();
    this.#checkTask();
  }

  /** The moments of this kind of range. */
  protected abstract get grid(): Grid;

  /** What limits the range, counted from a time without a zone. */
  protected abstract limits(now: Temporal.PlainDateTime): Limits;

  /** What the parameter of a task gets for a moment. */
  protected abstract momentValue(moment: Temporal.PlainDateTime): unknown;

  /** Ids of those of the tasks of the range that are complete. Default: each is asked. */
  protected completeAmong(tasks: readonly Task[], check: CompletionCheck): Promise<ReadonlySet<string>> {
    return completeOneByOne(tasks, check);
  }

  /** The missing tasks that were found last; all tasks of the range before it was asked whether it is complete. */
  override requires(): readonly Task[] {
    const found = FOUND.get(this.id);
    return found === undefined ? this.#inOrder(this.#tasksAt(indexesOf(this.#window()))) : found();
  }

  protected override async findRequirements(
    check: CompletionCheck,
    events?: EventBus,
  ): Promise<readonly Task[]> {
    try {
      const missing = await this.#findMissing(check, events);
      FOUND.set(this.id, () => missing);
      return missing;
    } catch (error) {
      FOUND.set(this.id, () => {
        throw error;
      });
      throw error;
    }
  }

  async #findMissing(check: CompletionCheck, events: EventBus | undefined): Promise<readonly Task[]> {
    const window = this.#window();
    const indexes = indexesOf(window);
    const tasks = this.#tasksAt(indexes);
    if (this.all) return this.#inOrder(tasks);
    this.#warnOfUnseen(events);
    const complete = await this.completeAmong(tasks, check);
    const isMissing = (task: Task | undefined): boolean => task !== undefined && !complete.has(task.id);
    const missing = indexes.filter((_, place) => isMissing(tasks[place]));
    events?.emit("range:measured", { task: this, family: this.of.family, ...progressOf(window, missing) });
    return this.#confirmed(this.#inOrder(tasks.filter(isMissing)), check);
  }

  /** Those that say themselves that they are missing, up to the limit: a listing does not know every rule. */
  async #confirmed(presumed: readonly Task[], check: CompletionCheck): Promise<readonly Task[]> {
    const missing = new Map<string, Task>();
    for (let next = 0; next < presumed.length && missing.size < this.taskLimit; ) {
      const group = presumed.slice(next, next + this.taskLimit - missing.size);
      const complete = await completeOneByOne(group, check);
      for (const task of group) if (!complete.has(task.id)) missing.set(task.id, task);
      next += group.length;
    }
    return [...missing.values()];
  }

  #inOrder(tasks: readonly Task[]): readonly Task[] {
    return this.reverse ? tasks.toReversed() : tasks;
  }

  #tasksAt(indexes: readonly number[]): Task[] {
    const values = indexes.map((index) => this.momentValue(this.grid.at(index)));
    if (values.length === 0) return [];
    const { of: type, ofParams: params, paramName } = this;
    return values.map(taskMaker({ type, params, paramName }, values[0]));
  }

  #window(): Window {
    return windowOf(this.#limits(), this.grid);
  }

  #limits(): Limits {
    const milliseconds = this.now === null ? Date.now() : 1000 * this.now;
    const now = Temporal.Instant.fromEpochMilliseconds(milliseconds).toZonedDateTimeISO("UTC");
    const limits = this.limits(now.toPlainDateTime());
    if (!this.all) return limits;
    const { start, stop, earliest, latest } = limits;
    return { ...limits, earliest: start ?? earliest, latest: stop ?? latest };
  }

  /** Who gives both ends wants what is between them. A start alone lies further back with every day, and that is well. */
  #warnOfUnseen(events: EventBus | undefined): void {
    const { start, stop, earliest } = this.#limits();
    if (start === undefined || stop === undefined) return;
    if (Temporal.PlainDateTime.compare(start, earliest) >= 0) return;
    const { family, params } = this.constructor as unknown as typeof RangeBase;
    const back = Object.keys(params).find((name) => name.endsWith("Back"));
    events?.log.warn(
      `${family} looks back to ${earliest.toString({ smallestUnit: "minute" })} only, and does nothing of what is missing from ${start} on. Raise ${back}.`,
    );
  }

  /** What `of` does not accept is told when the range is made, not when something is missing. */
  #checkTask(): void {
    const { start, earliest } = this.#limits();
    this.#tasksAt([this.grid.indexFrom(start ?? earliest)]);
  }

  #checkLimits(): void {
    const { start, stop } = this.#limits();
    const { family } = this.constructor as unknown as typeof RangeBase;
    if (start === undefined && stop === undefined) {
      throw new UsageError("PARAMETER_MISSING", `${family} has no end. Give start or stop, or both.`);
    }
    if (start === undefined && !this.reverse) {
      const message = `${family} has no start, so there is no oldest task to begin with. Give start, or reverse.`;
      throw new UsageError("PARAMETER_MISSING", message);
    }
    if (start !== undefined && stop !== undefined && Temporal.PlainDateTime.compare(start, stop) > 0) {
      const message = `${family} cannot start at ${start} and stop at ${stop}, which is before. Exchange them.`;
      throw new UsageError("PARAMETER_INVALID", message);
    }
  }
}
