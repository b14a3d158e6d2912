import type { Task } from "@leat/core";
import type { Outcomes, OutcomeState } from "./outcomes.ts";
import type { Plan, PlannedTask } from "./plan.ts";

/**
 * The tasks of a run by what became of them. A task that was left pending stands in every set that says why; the sets before
 * do not overlap.
 */
export interface Summary {
  readonly alreadyDone: readonly Task[];
  readonly succeeded: readonly Task[];
  readonly failed: readonly Task[];
  /** `complete()` or `requires()` threw. */
  readonly schedulingFailed: readonly Task[];
  /** External and not there. */
  readonly missingExternal: readonly Task[];
  /** Left pending, not external. */
  readonly pending: readonly Task[];
  /** Not to be run. Luigi's text does not speak of them. */
  readonly disabled: readonly Task[];
  readonly runByOtherWorker: readonly Task[];
  readonly upstreamFailed: readonly Task[];
  readonly upstreamMissing: readonly Task[];
  readonly upstreamRunByOtherWorker: readonly Task[];
  readonly upstreamSchedulingFailed: readonly Task[];
  /** Nothing stood in its way, and the scheduler did not assign it. */
  readonly notRun: readonly Task[];
  /** Tasks that each other worker was seen to run, by worker id. */
  readonly otherWorkers: ReadonlyMap<string, number>;
  /** Tasks that failed at some attempt, whatever became of them. */
  readonly everFailed: number;
}

export type RunStatus =
  | "SUCCESS"
  | "SUCCESS_WITH_RETRY"
  | "FAILED"
  | "FAILED_AND_SCHEDULING_FAILED"
  | "SCHEDULING_FAILED"
  | "NOT_RUN"
  | "MISSING_EXT";

/** Sorts the tasks of a run as Luigi's execution summary does. */
export function summarize(plan: Plan, outcomes: Outcomes): Summary {
  const byState: Record<OutcomeState, PlannedTask[]> = {
    complete: [],
    succeeded: [],
    failed: [],
    broken: [],
    missing: [],
    disabled: [],
    pending: [],
  };
  let everFailed = 0;
  for (const [id, planned] of plan.tasks) {
    const outcome = outcomes.get(id);
    byState[outcome.state].push(planned);
    if (outcome.everFailed) everFailed++;
  }
  return {
    alreadyDone: byState.complete.map(taskOf),
    succeeded: byState.succeeded.map(taskOf),
    failed: byState.failed.map(taskOf),
    schedulingFailed: byState.broken.map(taskOf),
    missingExternal: byState.missing.map(taskOf),
    pending: byState.pending.map(taskOf),
    disabled: byState.disabled.map(taskOf),
    ...reasons(byState.pending, plan, outcomes),
    otherWorkers: outcomes.otherWorkers(),
    everFailed,
  };
}

function taskOf({ task }: PlannedTask): Task {
  return task;
}

type Reasons = Pick<
  Summary,
  | "runByOtherWorker"
  | "upstreamFailed"
  | "upstreamMissing"
  | "upstreamRunByOtherWorker"
  | "upstreamSchedulingFailed"
  | "notRun"
>;

/** Why each task was left pending. Reasons pass from requirements to dependants, which a plan holds in this order. */
function reasons(pending: readonly PlannedTask[], { needs }: Plan, outcomes: Outcomes): Reasons {
  const elsewhere = new TaskSet((id) => outcomes.otherWorkerOf(id) !== undefined);
  const failed = new TaskSet((id) => outcomes.get(id).state === "failed");
  const missing = new TaskSet((id) => outcomes.get(id).state === "missing");
  const broken = new TaskSet((id) => outcomes.get(id).state === "broken");
  const blockedElsewhere = new TaskSet((id) => elsewhere.has(id));
  const notRun: Task[] = [];
  const running: Task[] = [];
  for (const { task, requires } of pending) {
    const needed = needs.get(task.id);
    const planned = { task, requires: needed === undefined ? requires : [...requires, ...needed] };
    const found = [failed, missing, blockedElsewhere].filter((set) => set.addIfRequiredBy(planned));
    // As in Luigi, this one is not passed on: only what requires a broken task directly is counted.
    const requiresBroken = broken.noteIfRequiredBy(planned);
    if (elsewhere.has(planned.task.id)) running.push(planned.task);
    else if (found.length === 0 && !requiresBroken) notRun.push(planned.task);
  }
  return {
    runByOtherWorker: running,
    upstreamFailed: failed.tasks,
    upstreamMissing: missing.tasks,
    upstreamRunByOtherWorker: blockedElsewhere.tasks,
    upstreamSchedulingFailed: broken.tasks,
    notRun,
  };
}

type Waiting = Pick<PlannedTask, "task" | "requires">;

/** Tasks with some requirement for which a condition holds, or which is in the set itself. */
class TaskSet {
  readonly tasks: Task[] = [];
  readonly #ids = new Set<string>();
  readonly #condition: (id: string) => boolean;

  constructor(condition: (id: string) => boolean) {
    this.#condition = condition;
  }

  has(id: string): boolean {
    return this.#condition(id) || this.#ids.has(id);
  }

  addIfRequiredBy(planned: Waiting): boolean {
    const isAdded = this.noteIfRequiredBy(planned);
    if (isAdded) this.#ids.add(planned.task.id);
    return isAdded;
  }

  noteIfRequiredBy({ task, requires }: Waiting): boolean {
    const isMember = requires.some((id) => this.has(id));
    if (isMember) this.tasks.push(task);
    return isMember;
  }
}

/** The one word for a run, by Luigi's rules: the first that applies. */
export function statusOf(summary: Summary): RunStatus {
  const { failed, schedulingFailed, everFailed } = summary;
  if (everFailed > 0 && failed.length === 0) return "SUCCESS_WITH_RETRY";
  if (failed.length > 0 && schedulingFailed.length > 0) return "FAILED_AND_SCHEDULING_FAILED";
  if (failed.length > 0) return "FAILED";
  if (schedulingFailed.length > 0) return "SCHEDULING_FAILED";
  if (summary.notRun.length > 0) return "NOT_RUN";
  if (summary.missingExternal.length > 0) return "MISSING_EXT";
  return "SUCCESS";
}

/** Exit codes of a run that is not a success, by what stood in the way. */
export interface ExitCodes {
  readonly runByOtherWorker: number;
  readonly missingExternal: number;
  readonly notRun: number;
  readonly failed: number;
  readonly schedulingFailed: number;
}

/** What Luigi's documentation recommends for `[retcode]`. */
const EXIT_CODES: ExitCodes = {
  runByOtherWorker: 10,
  missingExternal: 20,
  notRun: 25,
  failed: 30,
  schedulingFailed: 35,
};

/** Whether every requested task is complete. */
export function hasSucceeded({ requested }: Plan, outcomes: Outcomes): boolean {
  const states = requested.map((id) => outcomes.get(id).state);
  return states.every((state) => state === "complete" || state === "succeeded");
}

/**
 * 0 when every requested task is complete; else the greatest of the codes that apply, and that of a task that was not run when
 * this is 0.
 */
export function exitCodeOf(
  summary: Summary,
  plan: Plan,
  outcomes: Outcomes,
  codes: Partial<ExitCodes> = {},
): number {
  if (hasSucceeded(plan, outcomes)) return 0;
  const all = { ...EXIT_CODES, ...codes };
  const sets = Object.keys(EXIT_CODES) as (keyof ExitCodes)[];
  const applying = sets.filter((set) => summary[set].length > 0).map((set) => all[set]);
  return Math.max(0, ...applying) || all.notRun;
}
