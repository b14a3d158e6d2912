import { EventBus, flattenOutputs } from "@leat/core";
import { createLogger, type Plan, type PlannedTask, planTasks } from "@leat/worker";
import type { Command } from "./command.ts";
import { type Flag, switchFlag } from "./flags.ts";
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
    // The tree says what is missing or broken: no need to log it as well.
    const log = createLogger("silent", () => undefined);
    const plan = await planTasks([command.task], {}, new EventBus(log), log);
    const blocked = findBlocked(plan);
    const text = switchFlag(command.flags, "json") ? asJson(plan, blocked) : asTree(plan, blocked);
    process.stdout.write(`${text}\n`);
    return 0;
  },
};

/** For each task that cannot run, a requirement of it that is in the way. */
type Blocked = ReadonlyMap<string, string>;

function findBlocked(plan: Plan): Blocked {
  const blocked = new Map<string, string>();
  for (const [id, { requires, state }] of plan.tasks) {
    if (state !== "incomplete") continue;
    const obstacle = requires.find(
      (required) => isObstacle(plan.tasks.get(required)?.state) || blocked.has(required),
    );
    if (obstacle !== undefined) blocked.set(id, obstacle);
  }
  return blocked;
}

function isObstacle(state: PlannedTask["state"] | undefined): boolean {
  return state === "missing" || state === "broken";
}

function reasonOf({ task, state, error }: PlannedTask, plan: Plan, blocked: Blocked): string {
  if (state === "complete") return "complete";
  if (state === "missing")
    return `missing: something else must make ${flattenOutputs(task.output(), task).join(", ")}`;
  if (state === "broken") return `broken: ${error?.message}`;
  const obstacle = blocked.get(task.id);
  return obstacle === undefined ? "will run" : `cannot run: waits for ${plan.tasks.get(obstacle)?.task}`;
}

function asJson(plan: Plan, blocked: Blocked): string {
  const tasks = Array.from(plan.tasks.values(), (planned) => ({
    id: planned.task.id,
    task: String(planned.task),
    state: planned.state,
    reason: reasonOf(planned, plan, blocked),
    requires: planned.requires,
  }));
  return JSON.stringify({ requested: plan.requested, tasks }, null, 2);
}

interface Line {
  readonly id: string;
  readonly prefix: string;
  readonly branch: string;
  readonly indent: string;
}

/** Each task with its requirements below it; one that was shown before is named without them. */
function asTree(plan: Plan, blocked: Blocked): string {
  const shown = new Set<string>();
  const lines: string[] = [];
  const pending: Line[] = plan.requested.map((id) => ({ id, prefix: "", branch: "", indent: "" }));
  for (let line = pending.shift(); line !== undefined; line = pending.shift()) {
    const planned = plan.tasks.get(line.id) as PlannedTask;
    const isRepeated = shown.has(line.id) && planned.requires.length > 0;
    const suffix = isRepeated ? " (see above)" : "";
    lines.push(`${line.prefix}${line.branch}${planned.task}: ${reasonOf(planned, plan, blocked)}${suffix}`);
    if (!isRepeated) pending.unshift(...branches(planned.requires, line.prefix + line.indent));
    shown.add(line.id);
  }
  return lines.join("\n");
}

function branches(ids: readonly string[], prefix: string): Line[] {
  return ids.map((id, index) => {
    const isLast = index === ids.length - 1;
    return { id, prefix, branch: isLast ? "└─ " : "├─ ", indent: isLast ? "   " : "│  " };
  });
}
