import type { Scheduler, TaskStatus, TaskView } from "@leat/scheduler";
import { HttpError } from "./http-error.ts";
import { inSlices } from "./in-slices.ts";
import { type Blocker, blockedTasks } from "./blocked-tasks.ts";
import { taskLabel } from "./task-label.ts";
import type { IndexedTask, TaskIndex } from "./task-index.ts";

type Key = string | number;

/** What tasks can be sorted by; equal ones follow one another in the order in which they were first seen. */
const KEYS = {
  created: ({ order }: IndexedTask): Key => order,
  updated: ({ updatedAt }: IndexedTask): Key => updatedAt,
  priority: ({ taskId }: IndexedTask, scheduler: Scheduler): Key => scheduler.task(taskId)?.priority ?? 0,
  family: ({ family }: IndexedTask): Key => family,
  taskId: ({ taskId }: IndexedTask): Key => taskId,
};

export type SortKey = keyof typeof KEYS;

export const SORT_KEYS = Object.keys(KEYS) as readonly SortKey[];

/** Which tasks. */
export interface TaskFilter {
  /** All when not given. */
  readonly statuses?: readonly TaskStatus[] | undefined;
  readonly families?: readonly string[] | undefined;
  /** Only pending ones that cannot be run because of tasks in this state. */
  readonly blockedBy?: Blocker | undefined;
  /** Texts that must all occur in the label or the id, in lower case. */
  readonly search: readonly string[];
}

export interface TaskQuery extends TaskFilter {
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

export interface TaskPage {
  readonly tasks: readonly TaskView[];
  /** Tasks that match, on all pages. */
  readonly total: number;
  /** `null`: this is the last page. */
  readonly nextCursor: string | null;
}

type Place = readonly [key: Key, order: number];

interface Row {
  readonly task: IndexedTask;
  readonly place: Place;
}

/** Finds a page of tasks. May look at all tasks of the statuses and families, but never for long at a time. */
export async function listTasks(scheduler: Scheduler, index: TaskIndex, query: TaskQuery): Promise<TaskPage> {
  const { rows, total } = isLatest(query) ? latest(index, query) : await search(scheduler, index, query);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    tasks: shown.flatMap(({ task }) => scheduler.task(task.taskId) ?? []),
    total,
    nextCursor: last === undefined || rows.length <= query.limit ? null : toCursor(last.place),
  };
}

/** The rows of a page and one more, if there is one, and how many there are on all pages. */
interface Found {
  readonly rows: readonly Row[];
  readonly total: number;
}

async function search(scheduler: Scheduler, index: TaskIndex, query: TaskQuery): Promise<Found> {
  const best = new BestRows(query.limit + 1, query.descending);
  const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  let total = 0;
  for await (const task of findTasks(scheduler, index, query)) {
    total += 1;
    const row = { task, place: [KEYS[query.sort](task, scheduler), task.order] as const };
    if (after === undefined || best.compare(after, row.place) < 0) best.add(row);
  }
  return { rows: best.take(), total };
}

/** Whether it is the first page of all tasks by their last change. */
function isLatest({ sort, cursor, statuses, families, blockedBy, search }: TaskQuery): boolean {
  if (sort !== "updated" || cursor !== undefined || search.length > 0) return false;
  return statuses === undefined && families === undefined && blockedBy === undefined;
}

/** Whoever opens the web page asks for these again and again, so nothing is searched. */
function latest(index: TaskIndex, { limit, descending }: TaskQuery): Found {
  const best = new BestRows(limit + 1, descending);
  let count = 0;
  let before: IndexedTask | undefined;
  for (const task of index.byUpdate(descending)) {
    // Those that changed at the same time are put in order of their own.
    if (count > limit && task.updatedAt !== before?.updatedAt) break;
    best.add({ task, place: [task.updatedAt, task.order] });
    count += 1;
    before = task;
  }
  return { rows: best.take(), total: index.size };
}

/** Words of a search text, in lower case. */
export function wordsOf(search = ""): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** All tasks that match, in no particular order. */
export function findTasks(
  scheduler: Scheduler,
  index: TaskIndex,
  filter: TaskFilter,
): AsyncGenerator<IndexedTask, void, void> {
  return inSlices(candidates(scheduler, index, filter), (task) => matches(scheduler, task, filter.search));
}

function* candidates(
  scheduler: Scheduler,
  index: TaskIndex,
  { statuses, families, blockedBy }: TaskFilter,
): Generator<IndexedTask, void, void> {
  if (blockedBy === undefined) return yield* index.select(statuses, families);
  if (statuses?.includes("PENDING") === false) return;
  for (const { task, by } of blockedTasks(scheduler, index)) {
    if (by === blockedBy && families?.includes(task.family) !== false) yield task;
  }
}

function matches(scheduler: Scheduler, task: IndexedTask, search: readonly string[]): boolean {
  if (search.length === 0) return true;
  // Made when somebody first searches: whoever types looks for the next letter through the same texts.
  const text = (task.searchText ??= searchTextOf(scheduler, task));
  return search.every((term) => text.includes(term));
}

function searchTextOf(scheduler: Scheduler, { taskId }: IndexedTask): string {
  const naming = scheduler.naming(taskId);
  return naming === undefined ? "" : `${taskLabel(naming)}\n${taskId}`.toLowerCase();
}

/** Keeps the rows that come first, and sorts now and then instead of at every row. */
class BestRows {
  readonly #limit: number;
  readonly #sign: 1 | -1;
  #rows: Row[] = [];

  constructor(limit: number, descending: boolean) {
    this.#limit = limit;
    this.#sign = descending ? -1 : 1;
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#rows.length >= 4 * this.#limit) this.#rows = this.take();
  }

  take(): Row[] {
    // A task that changed its status during the search was perhaps met twice.
    const rows = [...new Map(this.#rows.map((row) => [row.task, row])).values()];
    return rows.sort((a, b) => this.compare(a.place, b.place)).slice(0, this.#limit);
  }

  compare([a, aOrder]: Place, [b, bOrder]: Place): number {
    if (a !== b) return a < b ? -this.#sign : this.#sign;
    return (aOrder - bOrder) * this.#sign;
  }
}

function toCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function parseCursor(cursor: string): Place {
  try {
    const [key, order] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown[];
    if ((typeof key === "string" || typeof key === "number") && typeof order === "number")
      return [key, order];
  } catch {
    // What is no JSON is refused below, like JSON that is no cursor.
  }
  throw new HttpError(400, "INVALID_QUERY", "The cursor does not come from an earlier page.");
}
