import { classOf, type Plan, type PlannedTask } from "@leat/worker";
import { readScheduler, type SchedulerPlace } from "./scheduler-read.ts";

/** Why a shared scheduler would not give a task to a worker now. Times are as ISO 8601. */
export type SchedulerWait =
  | { readonly kind: "running"; readonly worker: string }
  | { readonly kind: "disabled"; readonly by: string; readonly until?: string }
  | { readonly kind: "retry"; readonly at: string; readonly failures: number }
  | { readonly kind: "paused" }
  | {
      readonly kind: "resource";
      readonly resource: string;
      readonly needed: number;
      readonly used: number;
      readonly limit: number;
    };

/** What is read of leatd's answers. */
interface TaskAnswer {
  readonly taskId: string;
  readonly status: string;
  readonly failures: number;
  readonly retryAt?: number;
  readonly disabledBy?: string;
  readonly disabledUntil?: number;
  readonly attempt?: { readonly worker: string };
}

interface ResourceAnswer {
  readonly resource: string;
  readonly limit: number;
  readonly used: number;
}

interface TasksAnswer {
  readonly tasks: readonly TaskAnswer[];
  readonly nextCursor: string | null;
}

const OPEN = ["PENDING", "RUNNING", "BATCH_RUNNING", "FAILED", "DISABLED"];
const PAGE = 1000;

/** Of a resource that leatd was not told of. */
const DEFAULT_LIMIT = 1;

/** What a shared scheduler knows of the tasks of a plan, at one moment. */
export class SchedulerWaits {
  readonly #isPaused: boolean;
  readonly #tasks: ReadonlyMap<string, TaskAnswer>;
  readonly #resources: ReadonlyMap<string, ResourceAnswer>;

  private constructor(isPaused: boolean, tasks: readonly TaskAnswer[], resources: readonly ResourceAnswer[]) {
    this.#isPaused = isPaused;
    this.#tasks = new Map(tasks.map((task) => [task.taskId, task]));
    this.#resources = new Map(resources.map((resource) => [resource.resource, resource]));
  }

  /** @throws UsageError `FLAG_INVALID` when no scheduler answers */
  static async read(place: SchedulerPlace, plan: Plan): Promise<SchedulerWaits> {
    const families = new Set(Array.from(plan.tasks.values(), ({ task }) => classOf(task).family));
    const [status, { resources }, tasks] = await Promise.all([
      readScheduler(place, "/api/v1/status") as Promise<{ paused: boolean }>,
      readScheduler(place, "/api/v1/resources") as Promise<{ resources: readonly ResourceAnswer[] }>,
      readTasks(place, families),
    ]);
    return new SchedulerWaits(status.paused, tasks, resources);
  }

  /** What keeps a task that is to be run from being given to a worker; `undefined` when nothing but other tasks does. */
  of(planned: PlannedTask): SchedulerWait | undefined {
    const known = this.#tasks.get(planned.task.id);
    return (known && ownWait(known)) ?? (this.#isPaused ? { kind: "paused" } : this.#lacking(planned));
  }

  #lacking({ task }: PlannedTask): SchedulerWait | undefined {
    for (const [resource, needed] of Object.entries(task.resources)) {
      const { limit, used } = this.#resources.get(resource) ?? { limit: DEFAULT_LIMIT, used: 0 };
      if (used + needed > limit) return { kind: "resource", resource, needed, used, limit };
    }
    return undefined;
  }
}

function ownWait(task: TaskAnswer): SchedulerWait | undefined {
  const { attempt, status, retryAt, failures, disabledBy, disabledUntil } = task;
  if (attempt !== undefined) return { kind: "running", worker: attempt.worker };
  if (status === "DISABLED") {
    const until = disabledUntil === undefined ? {} : { until: isoTime(disabledUntil) };
    return { kind: "disabled", by: disabledBy ?? "scheduler", ...until };
  }
  return status === "FAILED" && retryAt !== undefined
    ? { kind: "retry", at: isoTime(retryAt), failures }
    : undefined;
}

async function readTasks(place: SchedulerPlace, families: ReadonlySet<string>): Promise<TaskAnswer[]> {
  const query = new URLSearchParams({ limit: String(PAGE) });
  for (const status of OPEN) query.append("status", status);
  for (const family of families) query.append("family", family);
  const found: TaskAnswer[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    if (cursor !== "") query.set("cursor", cursor);
    const page = (await readScheduler(place, `/api/v1/tasks?${query}`)) as TasksAnswer;
    found.push(...page.tasks);
    cursor = page.nextCursor;
  }
  return found;
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A wait in a few words, to begin a line with. `now` decides whether a time needs its day. */
export function waitText(wait: SchedulerWait, now = new Date()): string {
  switch (wait.kind) {
    case "running":
      return `is run by ${wait.worker} now`;
    case "disabled":
      return `disabled by the ${wait.by}${wait.until === undefined ? "" : ` until ${clockTime(wait.until, now)}`}`;
    case "retry":
      return `waits for its retry at ${clockTime(wait.at, now)} (failed ${times(wait.failures)})`;
    case "paused":
      return "waits: the scheduler is paused";
    case "resource":
      return `waits for resource ${wait.resource} (${wait.used} of ${wait.limit} in use, needs ${wait.needed})`;
  }
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

/** `12:03:10`, with its day unless that is today. */
function clockTime(iso: string, now: Date): string {
  const at = new Date(iso);
  // Sweden writes dates as ISO 8601 does.
  const time = at.toLocaleTimeString("sv");
  return at.toDateString() === now.toDateString() ? time : `${at.toLocaleDateString("sv")} ${time}`;
}
