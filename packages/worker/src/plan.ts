import { type EventBus, flattenRequirements, LeatError, type Logger, Task, UsageError } from "@leat/core";
import { CompletionChecks, cycleError } from "./completion-checks.ts";
import { toError } from "./errors.ts";

/**
 * What planning found out about a task. `complete`: nothing to do, its requirements were not looked at. `incomplete`: to be
 * run. `missing`: external and not there. `broken`: `complete()` or `requires()` threw, or gave something wrong.
 */
export type PlannedState = "complete" | "incomplete" | "missing" | "broken";

export interface PlannedTask {
  readonly task: Task;
  readonly state: PlannedState;
  /** Ids of what it requires, each once; empty unless `incomplete`. */
  readonly requires: readonly string[];
  /** Why it is broken. */
  readonly error: Error | undefined;
  /** How to make the task again: it is requirement number `index` of task `from`. `undefined` for requested tasks. */
  readonly origin: Origin | undefined;
}

export interface Origin {
  readonly from: string;
  readonly index: number;
}

/** The graph of a run. `tasks` is in an order in which requirements come before what requires them. */
export interface Plan {
  readonly requested: readonly string[];
  readonly tasks: ReadonlyMap<string, PlannedTask>;
}

export interface PlanOptions {
  readonly events: EventBus;
  readonly log: Logger;
  /** Completeness checks under way at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Finds all tasks that the requested ones need, asking each once whether it is complete. What a complete task requires is
 * not looked at.
 *
 * @throws UsageError `CYCLE` when tasks require each other
 */
export async function plan(requested: readonly Task[], options: PlanOptions): Promise<Plan> {
  for (const task of requested) refuseOther(task);
  const found = await new Expansion(options).expand(requested);
  const ids = [...new Set(requested.map((task) => task.id))];
  return { requested: ids, tasks: inOrder(ids, found) };
}

function refuseOther(value: unknown): void {
  if (Task.isTask(value)) return;
  throw new UsageError(
    "DEPENDENCY_INVALID",
    `Cannot run ${String(value)}: it is not a task. Give instances of tasks.`,
  );
}

class Expansion {
  readonly #options: PlanOptions;
  readonly #checks: CompletionChecks;
  readonly #found = new Map<string, PlannedTask>();
  #open = 0;
  #finish!: () => void;
  #fail!: (error: unknown) => void;

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#checks = new CompletionChecks(options.concurrency);
  }

  async expand(requested: readonly Task[]): Promise<Map<string, PlannedTask>> {
    if (requested.length === 0) return this.#found;
    await new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
      for (const task of requested) this.#discover(task, undefined);
    });
    return this.#found;
  }

  #discover(task: Task, origin: Origin | undefined): void {
    if (this.#found.has(task.id)) return;
    const planned: Mutable<PlannedTask> = {
      task,
      state: "incomplete",
      requires: [],
      error: undefined,
      origin,
    };
    this.#found.set(task.id, planned);
    this.#open++;
    this.#checks
      .check(task)
      .then((isComplete) => this.#judge(planned, isComplete))
      .catch((error: unknown) => this.#break(planned, error))
      .then(() => this.#close())
      .catch(this.#fail);
  }

  #close(): void {
    if (--this.#open === 0) this.#finish();
  }

  #judge(planned: Mutable<PlannedTask>, isComplete: boolean): void {
    const { task } = planned;
    this.#options.signal?.throwIfAborted();
    if (isComplete) {
      planned.state = "complete";
      this.#options.events.emit("dependency:present", { task });
    } else if (task.isExternal) {
      planned.state = "missing";
      this.#options.log.warn(`${task} is external and not there: what requires it has to wait.`);
      this.#options.events.emit("dependency:missing", { task });
    } else {
      this.#require(planned);
    }
  }

  #require(planned: Mutable<PlannedTask>): void {
    const { task } = planned;
    const dependencies = flattenRequirements(task.requires(), task);
    planned.requires = [...new Set(dependencies.map((dependency) => dependency.id))];
    dependencies.forEach((dependency, index) => {
      this.#options.events.emit("dependency:discovered", { task, dependency });
      this.#discover(dependency, { from: task.id, index });
    });
  }

  #break(planned: Mutable<PlannedTask>, thrown: unknown): void {
    this.#options.signal?.throwIfAborted();
    if (LeatError.is(thrown) && thrown.code === "CYCLE") throw thrown;
    const error = toError(thrown);
    planned.state = "broken";
    planned.error = error;
    this.#options.log.error(`Cannot plan ${planned.task}: ${error.message}`);
    this.#options.events.emit("dependency:missing", { task: planned.task });
    this.#options.events.emit("task:broken", { task: planned.task, error });
  }
}

interface Frame {
  readonly planned: PlannedTask;
  /** Requirements looked at so far. */
  done: number;
}

/** Depth first, requirements before dependants: a pipeline that was begun is finished before the next one begins. */
function inOrder(
  requested: readonly string[],
  found: ReadonlyMap<string, PlannedTask>,
): Map<string, PlannedTask> {
  const ordered = new Map<string, PlannedTask>();
  // A stack of its own: a chain of tasks may be longer than the call stack.
  const stack: Frame[] = [];
  const onStack = new Set<string>();
  const enter = (id: string): void => {
    if (ordered.has(id)) return;
    if (onStack.has(id)) throw cycleError(cycleAt(id, stack));
    onStack.add(id);
    stack.push({ planned: found.get(id) as PlannedTask, done: 0 });
  };
  for (const root of requested) {
    enter(root);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const { task, requires } = frame.planned;
      const next = requires[frame.done++];
      if (next !== undefined) enter(next);
      else {
        stack.pop();
        onStack.delete(task.id);
        ordered.set(task.id, frame.planned);
      }
    }
  }
  return ordered;
}

function cycleAt(id: string, stack: readonly Frame[]): Task[] {
  const tasks = stack.map((frame) => frame.planned.task);
  return tasks.slice(tasks.findIndex((task) => task.id === id));
}
