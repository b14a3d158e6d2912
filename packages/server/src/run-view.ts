import type { TaskStatus } from "@leat/scheduler";
import { viewGraph } from "./graph-view.ts";
import type { FinishedAttempt } from "./journal.ts";
import type { Leatd } from "./leatd.ts";

/** Tasks that are shown; those nearest to the one that was asked for. */
const MOST_TASKS = 2000;

interface RunAttempt {
  readonly token: string;
  readonly worker: string;
  readonly startedAt: number;
  /** `null`: it runs. */
  readonly endedAt: number | null;
  readonly outcome: TaskStatus | null;
}

interface RunTask {
  readonly taskId: string;
  readonly label: string;
  readonly family: string;
  readonly status: TaskStatus | null;
  readonly deps: readonly string[];
  readonly attempts: readonly RunAttempt[];
}

/** When the task and all that is upstream of it ran, for a chart over time. */
export interface RunView {
  readonly tasks: readonly RunTask[];
  /** From the first to the last: of each task the requirement that ended last. */
  readonly criticalPath: readonly string[];
  readonly isTruncated: boolean;
}

/** `undefined` when there is no such task. */
export async function viewRun({ scheduler, history }: Leatd, taskId: string): Promise<RunView | undefined> {
  const query = { direction: "up", depth: Infinity, limit: MOST_TASKS, includeDone: true } as const;
  const graph = viewGraph(scheduler, taskId, query);
  if (graph === undefined) return undefined;
  const ended = byTask(await history.attemptsAt(graph.nodes.map((node) => node.taskId)));
  const tasks = graph.nodes.map(({ depth: _depth, ...node }) => ({
    ...node,
    attempts: [...(ended.get(node.taskId) ?? []).map(toRunAttempt), ...live(node.taskId)],
  }));
  return { tasks, criticalPath: criticalPath(tasks, taskId), isTruncated: graph.isTruncated };

  function live(id: string): RunAttempt[] {
    const attempt = scheduler.task(id)?.attempt;
    if (attempt === undefined) return [];
    const { token, worker, startedAt } = attempt;
    return [{ token, worker, startedAt, endedAt: null, outcome: null }];
  }
}

function byTask(attempts: readonly FinishedAttempt[]): Map<string, FinishedAttempt[]> {
  const groups = new Map<string, FinishedAttempt[]>();
  for (const attempt of attempts) {
    const group = groups.get(attempt.taskId) ?? [];
    groups.set(attempt.taskId, group);
    group.push(attempt);
  }
  return groups;
}

function toRunAttempt({ token, worker, startedAt, endedAt, outcome }: FinishedAttempt): RunAttempt {
  return { token, worker, startedAt, endedAt, outcome };
}

function criticalPath(tasks: readonly RunTask[], last: string): string[] {
  const byId = new Map(tasks.map((task) => [task.taskId, task]));
  const path = new Set<string>();
  for (let id: string | undefined = last; id !== undefined && !path.has(id); ) {
    path.add(id);
    const deps: readonly RunTask[] = (byId.get(id)?.deps ?? []).flatMap((dep) => byId.get(dep) ?? []);
    const ran = deps.filter(({ attempts }) => attempts.length > 0);
    id = ran.sort((a, b) => endOf(b) - endOf(a))[0]?.taskId;
  }
  return [...path].toReversed();
}

function endOf({ attempts }: RunTask): number {
  return attempts.at(-1)?.endedAt ?? Infinity;
}
