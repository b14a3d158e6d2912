import type { Scheduler, SchedulerEvent, TaskStatus } from "@leat/scheduler";
import type { Change, ChangeListener } from "./engine.ts";
import type { TaskIndex } from "./task-index.ts";

type Labels = { readonly [name: string]: string | number };
type Sample = readonly [labels: Labels, value: number, suffix?: string];

/** Counters of tasks have the names that luigid gives them, so that its dashboards go on working. */
const TASK_COUNTERS: { readonly [Status in TaskStatus]?: string } = {
  RUNNING: "started",
  BATCH_RUNNING: "started",
  DONE: "done",
  FAILED: "failed",
  DISABLED: "disabled",
};

/** Families with figures of their own. More would burden whoever keeps the figures, and workers name them. */
const MOST_FAMILIES = 1000;

/** Stands for all families beyond these. */
const OTHER_FAMILIES = "(other)";

/** Upper ends of the intervals in which times are counted, in seconds. */
const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** Counts what happens, and writes it in Prometheus' text format 0.0.4. */
export class Metrics implements ChangeListener {
  readonly #index: TaskIndex;
  readonly #commands = new Map<string, number>();
  readonly #tasks = new Map<string, Map<string, number>>();
  readonly #executionSeconds = new Map<string, number>();
  readonly #families = new Set<string>();
  /** By path and status. */
  readonly #answers = new Map<string, Map<number, number>>();
  readonly #inBuckets = BUCKETS.map(() => 0);
  #answerSeconds = 0;
  #commits = 0;

  constructor(index: TaskIndex) {
    this.#index = index;
  }

  committed(changes: readonly Change[]): void {
    this.#commits += 1;
    for (const { command, events, attempts } of changes) {
      increase(this.#commands, command.type);
      for (const event of events) this.#countTask(event);
      for (const { family, startedAt, endedAt } of attempts) {
        this.#executionSeconds.set(this.#labelOf(family), (endedAt - startedAt) / 1000);
      }
    }
  }

  answered(path: string, status: number, seconds: number): void {
    let byStatus = this.#answers.get(path);
    if (byStatus === undefined) this.#answers.set(path, (byStatus = new Map()));
    increase(byStatus, status);
    this.#answerSeconds += seconds;
    const bucket = BUCKETS.findIndex((end) => seconds <= end);
    if (bucket >= 0) this.#inBuckets[bucket] = (this.#inBuckets[bucket] as number) + 1;
  }

  toText(scheduler: Scheduler): string {
    const byStatus = Object.entries(this.#index.countByStatus());
    const resources = scheduler.resources();
    return [
      ...[...this.#tasks].map(([counter, families]) =>
        metric(`luigi_task_${counter}_total`, "counter", `Tasks that were ${counter}.`, byFamily(families)),
      ),
      metric(
        "luigi_task_execution_time_seconds",
        "gauge",
        "Time that the last attempt of the family took.",
        byFamily(this.#executionSeconds),
      ),
      metric(
        "leat_tasks",
        "gauge",
        "Tasks by status.",
        byStatus.map(([status, count]) => [{ status }, count]),
      ),
      metric("leat_workers", "gauge", "Workers that are known.", [[{}, scheduler.workers().length]]),
      metric(
        "leat_resource_used",
        "gauge",
        "Amounts in use.",
        resources.map(({ resource, used }) => [{ resource }, used]),
      ),
      metric(
        "leat_resource_limit",
        "gauge",
        "Limits.",
        resources.map(({ resource, limit }) => [{ resource }, limit]),
      ),
      metric(
        "leat_commands_total",
        "counter",
        "Commands carried out.",
        [...this.#commands].map(([type, count]) => [{ type }, count]),
      ),
      metric("leat_commits_total", "counter", "Commits to the journal.", [[{}, this.#commits]]),
      metric(
        "leat_http_requests_total",
        "counter",
        "Requests answered.",
        [...this.#answers].flatMap(([path, byStatus]) =>
          [...byStatus].map(([status, count]): Sample => [{ path, status }, count]),
        ),
      ),
      metric("leat_http_request_seconds", "histogram", "Time until the answer began.", this.#histogram()),
    ].join("");
  }

  #countTask(event: SchedulerEvent): void {
    if (event.type !== "task:status") return;
    const counter = TASK_COUNTERS[event.to];
    if (counter === undefined) return;
    const families = this.#tasks.get(counter) ?? new Map<string, number>();
    this.#tasks.set(counter, families);
    increase(families, this.#labelOf(this.#index.familyOf(event.taskId)));
  }

  #labelOf(family: string): string {
    if (this.#families.has(family)) return family;
    if (this.#families.size >= MOST_FAMILIES) return OTHER_FAMILIES;
    this.#families.add(family);
    return family;
  }

  #histogram(): Sample[] {
    let count = 0;
    const buckets = BUCKETS.map(
      (le, index): Sample => [{ le }, (count += this.#inBuckets[index] as number), "_bucket"],
    );
    const counts = [...this.#answers.values()].flatMap((byStatus) => [...byStatus.values()]);
    const all = counts.reduce((sum, answers) => sum + answers, 0);
    return [
      ...buckets,
      [{ le: "+Inf" }, all, "_bucket"],
      [{}, this.#answerSeconds, "_sum"],
      [{}, all, "_count"],
    ];
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function byFamily(values: ReadonlyMap<string, number>): Sample[] {
  return [...values].map(([family, value]) => [{ family }, value]);
}

function metric(name: string, type: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(
    ([labels, value, suffix = ""]) => `${name}${suffix}${labelText(labels)} ${value}\n`,
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
