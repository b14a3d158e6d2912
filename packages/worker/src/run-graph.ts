import type { Task } from "@leat/core";
import { inOrder } from "./plan-order.ts";
import type { Plan, PlannedTask } from "./plan.ts";

const NOTHING: readonly string[] = Object.freeze([]);

/** The graph of a run while it grows: what was planned, and what tasks ask for while they run. */
export class RunGraph {
  readonly #plan: Plan;
  /** Absent until something comes to the plan. */
  #grown: Map<string, PlannedTask> | undefined;
  readonly #needs = new Map<string, readonly string[]>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  get tasks(): ReadonlyMap<string, PlannedTask> {
    return this.#grown ?? this.#plan.tasks;
  }

  /** Adds tasks, requirements before what requires them. */
  add(tasks: readonly PlannedTask[]): void {
    if (tasks.length === 0) return;
    this.#grown ??= new Map(this.#plan.tasks);
    for (const planned of tasks) this.#grown.set(planned.task.id, planned);
  }

  /** Notes that a running task asked for others. */
  addNeeds(owner: string, ids: readonly string[]): void {
    this.#needs.set(owner, [...new Set([...(this.#needs.get(owner) ?? []), ...ids])]);
  }

  /** What a task requires, and what it asked for while running. */
  requirementsOf(id: string): readonly string[] {
    const planned = this.tasks.get(id)?.requires ?? NOTHING;
    const needed = this.#needs.get(id);
    return needed === undefined ? planned : [...planned, ...needed];
  }

  /** The tasks from one of `starts` to `end`, each requiring the next; what `isClosed` is not entered. */
  findPath(starts: readonly string[], end: string, isClosed: (id: string) => boolean): Task[] | undefined {
    const cameFrom = new Map<string, string | undefined>();
    const open: string[] = [];
    const enter = (id: string, from: string | undefined): void => {
      if (cameFrom.has(id) || isClosed(id)) return;
      cameFrom.set(id, from);
      open.push(id);
    };
    for (const id of starts) enter(id, undefined);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === end) return this.#pathTo(end, cameFrom);
      for (const required of this.requirementsOf(id)) enter(required, id);
    }
    return undefined;
  }

  /** The plan as it has become. */
  toPlan(): Plan {
    if (this.#grown === undefined && this.#needs.size === 0) return this.#plan;
    const { requested } = this.#plan;
    const tasks = inOrder(requested, this.tasks, (id) => this.requirementsOf(id));
    return { requested, tasks, needs: this.#needs };
  }

  #pathTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): Task[] {
    const path: Task[] = [];
    for (let id: string | undefined = end; id !== undefined; id = cameFrom.get(id)) {
      path.push((this.tasks.get(id) as PlannedTask).task);
    }
    return path.toReversed();
  }
}
