import { flattenOutputs } from "@leat/core";
import { createLogger, nameOf, type Plan, type PlannedTask, planTasks } from "@leat/worker";
import type { Command } from "./command.ts";
import { type Flag, switchFlag } from "./flags.ts";
import { missingOutputs } from "./missing-outputs.ts";
import { print } from "./output.ts";
import { planTree } from "./plan-tree.ts";
import { readTaskCommand } from "./task-command.ts";

const FLAGS: readonly Flag[] = [{ name: "json", description: "Print JSON instead of a tree." }];

/** `leat plan MODULE TASK`: what a run would do, without doing it. */
export const planCommand: Command = {
  name: "plan",
  usage: "MODULE TASK [--param value …]",
  description: "Show what would run, what would not, and why.",
  async execute(args) {
    const command = await readTaskCommand("plan", args, FLAGS);
    if (command === undefined) return 0;
    const asJson = switchFlag(command.flags, "json");
    // The tree says what is missing or broken: no need to log it as well.
    const log = createLogger("silent", () => undefined);
    const plan = await planTasks([command.task], { log });
    const explained = new ExplainedPlan(plan, await missingOutputs(plan));
    print(`${asJson ? planJson(explained) : planTree(plan, (planned) => explained.reasonOf(planned))}\n`);
    return 0;
  },
};

const SHOWN_OUTPUTS = 3;

/** A plan with the reason why each task will run or not. */
class ExplainedPlan {
  readonly plan: Plan;
  /** Outputs that are not there, by task id. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
  /** For each task that cannot run, a requirement of it that is in the way. */
  readonly #obstacles = new Map<string, string>();

  constructor(plan: Plan, missing: ReadonlyMap<string, readonly string[]>) {
    this.plan = plan;
    this.missing = missing;
    for (const [id, { requires }] of plan.tasks) {
      const obstacle = requires.find((required) => this.#isInTheWay(required));
      if (obstacle !== undefined) this.#obstacles.set(id, obstacle);
    }
  }

  reasonOf({ task, state, error }: PlannedTask): string {
    if (state === "complete") return "complete";
    if (state === "missing") {
      return `missing: something else must make ${listed(flattenOutputs(task.output(), task).map(String))}`;
    }
    if (state === "broken") return `broken: ${error?.message}`;
    const obstacle = this.plan.tasks.get(this.#obstacles.get(task.id) ?? "");
    if (obstacle !== undefined) return `cannot run: waits for ${nameOf(obstacle.task)}`;
    const missing = this.missing.get(task.id) ?? [];
    return missing.length === 0 ? "will run" : `will run, to make ${listed(missing)}`;
  }

  #isInTheWay(id: string): boolean {
    const state = this.plan.tasks.get(id)?.state;
    return state === "missing" || state === "broken" || this.#obstacles.has(id);
  }
}

function listed(names: readonly string[]): string {
  const hidden = names.length - SHOWN_OUTPUTS;
  return names.slice(0, SHOWN_OUTPUTS).join(", ") + (hidden > 0 ? ` and ${hidden} more` : "");
}

function planJson(explained: ExplainedPlan): string {
  const { plan, missing } = explained;
  const tasks = Array.from(plan.tasks.values(), (planned) => ({
    id: planned.task.id,
    task: String(planned.task),
    state: planned.state,
    reason: explained.reasonOf(planned),
    requires: planned.requires,
    missing: missing.get(planned.task.id) ?? [],
  }));
  return JSON.stringify({ requested: plan.requested, tasks }, null, 2);
}
