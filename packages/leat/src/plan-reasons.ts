import { type Lacking, nameOf, type Plan, type PlannedTask, type PlanReason, reasonOf } from "@leat/worker";
import { type SchedulerWait, type SchedulerWaits, waitText } from "./scheduler-waits.ts";

const SHOWN_OUTPUTS = 3;

/** What a run would do with a task: nothing, for different reasons; or run it (`planned`), though not at once (`waiting`). */
export type PlanKind = "complete" | "external" | "broken" | "disabled" | "blocked" | "waiting" | "planned";

/** A plan with the reason why each task will run or not. */
export class ExplainedPlan {
  readonly plan: Plan;
  /** For each task that cannot run, the requirements of it that are in the way. */
  readonly #obstacles = new Map<string, readonly string[]>();
  readonly #waits: SchedulerWaits | undefined;

  /** @param waits what the scheduler knows that the run is to share */
  constructor(plan: Plan, waits?: SchedulerWaits) {
    this.plan = plan;
    this.#waits = waits;
    for (const [id, { requires }] of plan.tasks) {
      const obstacles = requires.filter((required) => this.#isInTheWay(required));
      if (obstacles.length > 0) this.#obstacles.set(id, obstacles);
    }
  }

  kindOf(planned: PlannedTask): PlanKind {
    const { task, state } = planned;
    if (state === "missing") return "external";
    if (state !== "incomplete") return state;
    if (this.#obstacles.has(task.id)) return "blocked";
    return this.waitOf(planned) === undefined ? "planned" : "waiting";
  }

  /** What keeps the scheduler from giving out a task that is to be run. */
  waitOf(planned: PlannedTask): SchedulerWait | undefined {
    return planned.state === "incomplete" ? this.#waits?.of(planned) : undefined;
  }

  /** The reason in one line. */
  textOf(planned: PlannedTask): string {
    const { task } = planned;
    const reason = reasonOf(this.plan, task.id);
    const obstacles = this.#obstacles.get(task.id);
    if (obstacles !== undefined && planned.state !== "disabled")
      return `cannot run: waits for ${this.#namesOf(obstacles)}`;
    return reason.kind === "waits" || reason.kind === "missing"
      ? this.#runText(planned, reason)
      : restingText(reason);
  }

  #runText(planned: PlannedTask, reason: Extract<PlanReason, { kind: "waits" | "missing" }>): string {
    const after = reason.kind === "waits" ? ` after ${this.#namesOf(reason.for)}` : "";
    const wait = this.waitOf(planned);
    const units = Object.entries(planned.task.resources).map(([name, amount]) => `${amount} ${name}`);
    const taking = units.length === 0 ? "" : `, takes ${units.join(", ")}`;
    const outputs = outputsOf(reason);
    return `${wait === undefined ? "will run" : waitText(wait)}${after}${taking}${outputs.length === 0 ? "" : `, to make ${listed(outputs)}`}`;
  }

  /** The first of some tasks, and how many there are besides. */
  #namesOf(ids: readonly string[]): string {
    const first = this.plan.tasks.get(ids[0] ?? "") as PlannedTask;
    return ids.length === 1 ? nameOf(first.task) : `${nameOf(first.task)} and ${ids.length - 1} more`;
  }

  #isInTheWay(id: string): boolean {
    const state = this.plan.tasks.get(id)?.state;
    return state === "missing" || state === "broken" || state === "disabled" || this.#obstacles.has(id);
  }
}

function restingText(reason: Exclude<PlanReason, { kind: "waits" | "missing" }>): string {
  if (reason.kind === "complete")
    return reason.targets.length === 0 ? "complete" : `complete: ${listed(reason.targets)}`;
  if (reason.kind === "broken") return `broken: ${reason.message}`;
  if (reason.kind === "disabled") return "disabled: it is not to be run";
  return `missing: something else must make ${listed(outputsOf(reason))}`;
}

function outputsOf({ targets, stale }: Lacking): string[] {
  return [...targets, ...stale.map(({ target, reason }) => `${target} (${reason})`)];
}

function listed(names: readonly string[]): string {
  const hidden = names.length - SHOWN_OUTPUTS;
  return names.slice(0, SHOWN_OUTPUTS).join(", ") + (hidden > 0 ? ` and ${hidden} more` : "");
}
