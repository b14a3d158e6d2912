import { messageOf } from "@leat/core";
import { createLogger, nameOf, type Plan, planTasks, reasonOf } from "@leat/worker";
import type { Program } from "./command.ts";
import { choiceFlag, type Flag, type ParsedFlags, switchFlag } from "./flags.ts";
import { FORCE_FLAGS, forced } from "./force-flags.ts";
import { print } from "./output.ts";
import { dotPicture, mermaidPicture, type PictureNode } from "./picture.ts";
import { ExplainedPlan } from "./plan-reasons.ts";
import { planTree } from "./plan-tree.ts";
import { warnOf } from "./remarks.ts";
import { placeInForce } from "./scheduler-read.ts";
import { type SchedulerWait, SchedulerWaits } from "./scheduler-waits.ts";
import { PLACE_SETTINGS, SETTINGS } from "./settings.ts";
import { readTaskCommand, taskCommandFlags, type TaskCommandShape } from "./task-command.ts";

const FORMATS = ["tree", "json", "dot", "mermaid"] as const;

export const PICTURE_FLAGS: readonly Flag[] = [
  {
    name: "format",
    placeholder: "FORMAT",
    description: `One of ${FORMATS.join(", ")}; dot is Graphviz. Default tree.`,
  },
  { name: "json", description: "The same as --format json." },
];

export function pictureFormat(flags: ParsedFlags): (typeof FORMATS)[number] {
  return choiceFlag(flags, "format", FORMATS, switchFlag(flags, "json") ? "json" : "tree");
}

const FLAGS: readonly Flag[] = [...FORCE_FLAGS, ...PICTURE_FLAGS];

const SHAPE: TaskCommandShape = { name: "plan", ownFlags: FLAGS, settings: PLACE_SETTINGS };

/** `leat plan MODULE TASK`: what a run would do, without doing it. */
export const plan: Program = { flags: taskCommandFlags(SHAPE), execute };

async function execute(args: readonly string[]): Promise<number> {
  const command = await readTaskCommand(SHAPE, args);
  if (command === undefined) return 0;
  const format = pictureFormat(command.flags);
  warnOf(command.remarks);
  // The tree says what is missing or broken: no need to log it as well.
  const log = createLogger("silent", () => undefined);
  const planned = await planTasks([command.task], { log, ...(await forced(command)) });
  const explained = new ExplainedPlan(planned, await waitsOf(planned, command.flags));
  print(`${shown(explained, format)}\n`);
  return 0;
}

/** What the scheduler knows that a run would share. Without it there is still a plan, unless it was asked for by a flag. */
async function waitsOf(planned: Plan, { values }: ParsedFlags): Promise<SchedulerWaits | undefined> {
  const place = placeInForce();
  if (place === undefined) return undefined;
  try {
    return await SchedulerWaits.read(place, planned);
  } catch (error) {
    if (values.has(SETTINGS.schedulerUrl.flag)) throw error;
    process.stderr.write(`WARNING: the plan is without what the scheduler knows. ${messageOf(error)}\n`);
    return undefined;
  }
}

function shown(explained: ExplainedPlan, format: (typeof FORMATS)[number]): string {
  if (format === "json") return planJson(explained);
  if (format === "tree") return planTree(explained.plan, (planned) => explained.textOf(planned));
  return (format === "dot" ? dotPicture : mermaidPicture)(pictureNodes(explained));
}

function planJson(explained: ExplainedPlan): string {
  const { requested } = explained.plan;
  const tasks = Array.from(explained.plan.tasks.values(), (planned) => ({
    id: planned.task.id,
    task: String(planned.task),
    state: planned.state,
    reason: explained.textOf(planned),
    why: reasonOf(explained.plan, planned.task.id),
    ...waitJson(explained.waitOf(planned)),
    requires: planned.requires,
  }));
  return JSON.stringify({ requested, tasks }, null, 2);
}

function waitJson(scheduler: SchedulerWait | undefined): object {
  return scheduler === undefined ? {} : { scheduler };
}

function pictureNodes(explained: ExplainedPlan): PictureNode[] {
  return Array.from(explained.plan.tasks.values(), (planned) => ({
    id: planned.task.id,
    label: nameOf(planned.task),
    kind: explained.kindOf(planned),
    requires: planned.requires,
  }));
}
