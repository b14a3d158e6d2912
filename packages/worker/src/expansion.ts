import { flattenRequirements, LeatError, type Absence, type Task, WrapperTask } from "@leat/core";
import { type CheckListener, CompletionChecks } from "./completion-checks.ts";
import { failureOf } from "./errors.ts";
import { refuseNamesake } from "./namesake.ts";
import type { PlannedTask, Planning } from "./plan.ts";
import { nameOf } from "./task-name.ts";
import { checkTuning } from "./tuning.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NOTED_EVERY = 100_000;

const NOTHING: readonly string[] = Object.freeze([]);
const NOTHING_LACKING: readonly Absence[] = Object.freeze([]);

/** Follows requirements from the requested tasks to those that are complete, each task once. */
export class Expansion implements CheckListener {
  readonly #planning: Planning;
  readonly #checks: CompletionChecks;
  readonly #known: ReadonlyMap<string, PlannedTask>;
  readonly #found = new Map<string, Mutable<PlannedTask>>();
  /** Tasks whose answer is not known yet. */
  #open = 0;
  #finish!: () => void;
  #fail!: (error: unknown) => void;

  /** @param known tasks that were planned before, which are not looked at again */
  constructor(planning: Planning, known: ReadonlyMap<string, PlannedTask> = new Map()) {
    this.#planning = planning;
    this.#known = known;
    this.#checks = new CompletionChecks(planning.concurrency, this, planning.events);
  }

  /** Finds the tasks by id, in no particular order. Rejects with a `CYCLE` of wrappers or the reason of an abort. */
  async expand(requested: readonly Task[]): Promise<ReadonlyMap<string, PlannedTask>> {
    const { signal } = this.#planning;
    signal?.throwIfAborted();
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    const abort = () => this.#abandon(signal?.reason);
    signal?.addEventListener("abort", abort);
    for (const task of requested) this.#discover(task);
    if (this.#open === 0) this.#finish();
    await finished.finally(() => signal?.removeEventListener("abort", abort));
    return this.#found;
  }

  answered(task: Task, isComplete: boolean, lacking: readonly Absence[]): void {
    this.#judge(task, (planned) => {
      planned.lacking = lacking;
      if (isComplete) this.#complete(planned);
      else if (task.isExternal) this.#missing(planned);
      else this.#incomplete(planned);
    });
  }

  unanswered(task: Task, error: unknown): void {
    if (LeatError.is(error) && error.code === "CYCLE") return this.#abandon(error);
    this.#judge(task, (planned) => {
      // A wrapper only passes on what one of its requirements threw: that one is said to be broken, and the others run.
      if (WrapperTask.isPlain(task)) this.#incomplete(planned);
      else this.#broken(planned, error);
    });
  }

  #judge(task: Task, judge: (planned: Mutable<PlannedTask>) => void): void {
    const planned = this.#found.get(task.id) as Mutable<PlannedTask>;
    try {
      judge(planned);
    } catch (error) {
      this.#broken(planned, error);
    }
    if (--this.#open === 0) this.#finish();
  }

  #discover(task: Task): void {
    const earlier = this.#found.get(task.id) ?? this.#known.get(task.id);
    if (earlier !== undefined) return refuseNamesake(earlier.task, task);
    this.#checks.admit(task);
    this.#found.set(task.id, {
      task,
      state: "incomplete",
      requires: NOTHING,
      lacking: NOTHING_LACKING,
      error: undefined,
    });
    this.#noteGrowth(task);
    this.#open++;
    // Later: a long chain of them must not become a recursion.
    if (this.#planning.isForced?.(task)) queueMicrotask(() => this.answered(task, false, NOTHING_LACKING));
    else this.#checks.ask(task);
  }

  /** What requires more and more without an end is seen to do so. */
  #noteGrowth(task: Task): void {
    const { size } = this.#found;
    if (size % NOTED_EVERY !== 0) return;
    this.#planning.log.info(`Planning: ${size} tasks so far, the last is ${nameOf(task)}.`);
  }

  #abandon(reason: unknown): void {
    this.#checks.stop();
    this.#fail(reason);
  }

  #complete(planned: Mutable<PlannedTask>): void {
    planned.state = "complete";
    this.#planning.events.emit("dependency:present", { task: planned.task });
  }

  #missing(planned: Mutable<PlannedTask>): void {
    const { task } = planned;
    checkTuning(task);
    planned.state = "missing";
    this.#planning.log.warn(`${nameOf(task)} is external and not there: what requires it has to wait.`);
    this.#planning.events.emit("dependency:missing", { task });
  }

  #incomplete(planned: Mutable<PlannedTask>): void {
    const { task } = planned;
    checkTuning(task);
    if (task.disabled) this.#disabled(planned);
    const required = distinct(flattenRequirements(task.requires(), task));
    planned.requires = [...required.keys()];
    for (const dependency of required.values()) {
      this.#planning.events.emit("dependency:discovered", { task, dependency });
      this.#discover(dependency);
    }
  }

  #disabled(planned: Mutable<PlannedTask>): void {
    planned.state = "disabled";
    this.#planning.log.warn(
      `${nameOf(planned.task)} is disabled: it is not run, and what requires it has to wait.`,
    );
  }

  #broken(planned: Mutable<PlannedTask>, thrown: unknown): void {
    const { events, log } = this.#planning;
    const { task } = planned;
    const error = failureOf(thrown, task);
    planned.state = "broken";
    planned.requires = NOTHING;
    planned.error = error;
    log.error(`Cannot plan ${nameOf(task)}: ${error.message}`);
    events.emit("dependency:missing", { task });
    events.emit("task:broken", { task, error });
  }
}

function distinct(tasks: readonly Task[]): Map<string, Task> {
  const byId = new Map<string, Task>();
  for (const task of tasks) {
    const earlier = byId.get(task.id);
    if (earlier === undefined) byId.set(task.id, task);
    else refuseNamesake(earlier, task);
  }
  return byId;
}
