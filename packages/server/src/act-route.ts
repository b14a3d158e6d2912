import type { Act, ActReply, Scheduler, TaskChange, TaskStatus } from "@leat/scheduler";
import { ACTIONS, COMMAND_SUMMARIES } from "./command-schemas.ts";
import { HttpError } from "./http-error.ts";
import type { Leatd } from "./leatd.ts";
import type { Answer, Call, Route } from "./route.ts";
import { flag, id, list, object, oneOf, text } from "./schema.ts";
import { taskLabel } from "./task-label.ts";
import { findTasks, wordsOf } from "./task-list.ts";

/** Tasks that one action may name. More would hold up the workers. */
const MOST_TASKS = 10_000;

const STATUSES = ["PENDING", "RUNNING", "BATCH_RUNNING", "DONE", "FAILED", "DISABLED", "UNKNOWN"] as const;

const schema = object(
  { action: oneOf(...ACTIONS) },
  {
    taskIds: list(id()),
    filter: object({}, { status: list(oneOf(...STATUSES)), family: list(text()), search: text() }),
    withDependents: flag(),
    reason: text(),
    dryRun: flag(),
  },
);

interface Request extends Omit<Act, "taskIds"> {
  readonly taskIds?: readonly string[];
  readonly filter?: {
    readonly status?: readonly TaskStatus[];
    readonly family?: readonly string[];
    readonly search?: string;
  };
  readonly dryRun?: boolean;
}

/** What was done, or would be done, with the name of each task for people. */
export interface ActAnswer extends ActReply {
  readonly changes: readonly (TaskChange & { readonly label: string })[];
  /** How many tasks change. */
  readonly total: number;
}

/** One action on many tasks, named or found by a filter; with `dryRun` only what it would do. */
export function actRoute(leatd: Leatd): Route {
  return {
    method: "POST",
    path: "/api/v1/act",
    role: "operate",
    summary: COMMAND_SUMMARIES.act,
    body: schema,
    handle: ({ body }: Call): Promise<Answer> => handle(leatd, body as Request),
  };
}

async function handle(leatd: Leatd, { taskIds, filter, dryRun, ...rest }: Request): Promise<Answer> {
  if ((taskIds === undefined) === (filter === undefined)) {
    throw new HttpError(400, "INVALID_COMMAND", "Name the tasks with either `taskIds` or `filter`.");
  }
  const command = { ...rest, taskIds: taskIds ?? (await find(leatd, filter ?? {})) };
  if (command.taskIds.length > MOST_TASKS) {
    throw new HttpError(
      400,
      "TOO_MANY_TASKS",
      `One action changes at most ${MOST_TASKS} tasks. Narrow the filter.`,
    );
  }
  const reply =
    dryRun === true
      ? leatd.scheduler.planAct(command)
      : await leatd.engine.execute({ type: "act", ...command });
  return { json: withLabels(leatd.scheduler, reply) };
}

async function find({ scheduler, index }: Leatd, filter: NonNullable<Request["filter"]>): Promise<string[]> {
  const found: string[] = [];
  const query = { statuses: filter.status, families: filter.family, search: wordsOf(filter.search) };
  for await (const { taskId } of findTasks(scheduler, index, query)) found.push(taskId);
  return found;
}

function withLabels(scheduler: Scheduler, { changes, skipped }: ActReply): ActAnswer {
  const labelOf = (taskId: string) => {
    const task = scheduler.task(taskId);
    return task === undefined ? taskId : taskLabel(task);
  };
  return {
    changes: changes.map((change) => ({ ...change, label: labelOf(change.taskId) })),
    skipped,
    total: changes.length,
  };
}
