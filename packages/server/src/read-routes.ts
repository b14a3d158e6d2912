import type { HasWork, TaskStatus } from "@leat/scheduler";
import type { Answers } from "./answers.ts";
import { BLOCKERS, type Blocker, countBlocked } from "./blocked-tasks.ts";
import { foldGraph, type GraphQuery, type GraphView, viewGraph } from "./graph-view.ts";
import { HttpError } from "./http-error.ts";
import { sendText } from "./http-server.ts";
import type { Leatd } from "./leatd.ts";
import { readOperations } from "./operations.ts";
import { Query } from "./query.ts";
import type { Answer, Call, QueryParameter, Route } from "./route.ts";
import { type RunView, viewRun } from "./run-view.ts";
import { flag, id, integer, oneOf, text } from "./schema.ts";
import { listTasks, SORT_KEYS, type SortKey, type TaskPage, wordsOf } from "./task-list.ts";

const STATUSES = ["PENDING", "RUNNING", "BATCH_RUNNING", "DONE", "FAILED", "DISABLED", "UNKNOWN"] as const;

const LIMIT: QueryParameter = {
  name: "limit",
  description: "Most items of a page. Defaults to 100.",
  schema: integer(1, 1000),
};

/** Of lists whose pages begin after a number. */
const PAGE_QUERY: readonly QueryParameter[] = [
  LIMIT,
  { name: "cursor", description: "`nextCursor` of the page before.", schema: integer(1) },
];

const TASKS_QUERY: readonly QueryParameter[] = [
  { name: "status", description: "Only tasks of these.", schema: oneOf(...STATUSES), repeated: true },
  { name: "family", description: "Only tasks of these.", schema: text(), repeated: true },
  {
    name: "blocked",
    description: "Only pending tasks that wait, directly or not, for one in this state. The graver counts.",
    schema: oneOf(...BLOCKERS),
  },
  {
    name: "search",
    description: "Words that must all occur in the name or the id, in any case.",
    schema: text(),
  },
  { name: "sort", description: "Defaults to created.", schema: oneOf(...SORT_KEYS) },
  { name: "order", description: "Defaults to asc.", schema: oneOf("asc", "desc") },
  LIMIT,
  { name: "cursor", description: "`nextCursor` of the page before.", schema: text() },
];

const GRAPH_QUERY: readonly QueryParameter[] = [
  {
    name: "direction",
    description: "`up`: requirements (default). `down`: dependents. `both`: with negative depths upstream.",
    schema: oneOf("up", "down", "both"),
  },
  { name: "depth", description: "Longest distance. Defaults to 20.", schema: integer(0, 100_000) },
  { name: "limit", description: "Most nodes. Defaults to 500.", schema: integer(1, 10_000) },
  { name: "includeDone", description: "Go on beyond DONE tasks. Defaults to true.", schema: flag() },
];

const ATTEMPTS_QUERY: readonly QueryParameter[] = [
  { name: "taskId", description: "Only of this task.", schema: text() },
  { name: "family", description: "Only of this family.", schema: text() },
  { name: "worker", description: "Only of this worker.", schema: text() },
  ...PAGE_QUERY,
];

interface ReadOf<P extends keyof Answers> extends Pick<Route, "summary" | "query"> {
  readonly path: P;
  /** Open pages ask for it again and again, and it may take long. */
  readonly isShared?: boolean;
  readonly answer: (query: Query, call: Call) => Answers[P] | Promise<Answers[P]>;
}

/** The answer of each path is what {@link Answers} says. */
type Read = { [P in keyof Answers]: ReadOf<P> }[keyof Answers];

/** What can be read, by everybody who may read. */
export function readRoutes(leatd: Leatd): Route[] {
  return reads(leatd).map(({ answer, isShared = false, ...rest }) => ({
    ...rest,
    method: "GET",
    role: "view",
    handle: async (call): Promise<Answer> => {
      const query = new Query(call.query, rest.query ?? []);
      if (!isShared) return { json: await answer(query, call) };
      const json = await leatd.sharedAnswers.get(`${rest.path}?${call.query}`, () => answer(query, call));
      return { write: (response) => sendText(response, 200, "application/json; charset=utf-8", json) };
    },
  }));
}

function reads(leatd: Leatd): Read[] {
  const { scheduler, history } = leatd;
  return [
    {
      path: "/api/v1/status",
      summary: "Version, number of tasks, whether paused.",
      answer: () => status(leatd),
    },
    {
      path: "/api/v1/counts",
      summary:
        "Tasks by status, by family and status, and those blocked by others that failed or are disabled.",
      isShared: true,
      answer: () => counts(leatd),
    },
    {
      path: "/api/v1/tasks",
      summary: "A page of tasks.",
      query: TASKS_QUERY,
      isShared: true,
      answer: (query) => tasks(leatd, query),
    },
    {
      path: "/api/v1/tasks/{taskId}",
      summary: "A task, what it waits for, and what requires it.",
      answer: (_, { path }) => task(leatd, path["taskId"] as string),
    },
    {
      path: "/api/v1/tasks/{taskId}/graph",
      summary: "The surroundings of a task in the graph, breadth first.",
      query: GRAPH_QUERY,
      answer: (query, { path }) => graph(leatd, path["taskId"] as string, query),
    },
    {
      path: "/api/v1/tasks/{taskId}/groups",
      summary: "The surroundings of a task with each family folded into one node.",
      query: GRAPH_QUERY,
      answer: (query, { path }) => foldGraph(graph(leatd, path["taskId"] as string, query)),
    },
    {
      path: "/api/v1/tasks/{taskId}/run",
      summary: "When the task and all that is upstream of it ran.",
      answer: (_, { path }) => run(leatd, path["taskId"] as string),
    },
    {
      path: "/api/v1/history/families",
      summary: "Run times by family.",
      query: [
        { name: "since", description: "Only attempts that ended since. Default 0.", schema: integer(0) },
      ],
      isShared: true,
      answer: async (query) => ({ families: await history.familyTimes(query.integer("since") ?? 0) }),
    },
    {
      path: "/api/v1/operations",
      summary: "What operators did, newest first.",
      query: PAGE_QUERY,
      answer: (query) =>
        readOperations(leatd.database, query.integer("limit") ?? 100, query.integer("cursor")),
    },
    {
      path: "/api/v1/hasWork",
      summary: "Whether the worker has anything to do or to wait for. Changes nothing.",
      query: [{ name: "worker", description: "Its id.", schema: id() }],
      answer: (query) => hasWork(leatd, query.text("worker")),
    },
    {
      path: "/api/v1/attempts",
      summary: "Attempts that ended, newest first.",
      query: ATTEMPTS_QUERY,
      answer: (query) =>
        history.attempts({
          taskId: query.text("taskId"),
          family: query.text("family"),
          worker: query.text("worker"),
          limit: query.integer("limit") ?? 100,
          cursor: query.integer("cursor"),
        }),
    },
    {
      path: "/api/v1/runs",
      summary:
        "Runs: what workers said of themselves, from when to when they were alive, and what came of it. Newest first.",
      query: PAGE_QUERY,
      isShared: true,
      answer: (query) => history.runs(query.integer("limit") ?? 100, query.integer("cursor")),
    },
    {
      path: "/api/v1/workers",
      summary: "All workers.",
      isShared: true,
      answer: () => ({ workers: scheduler.workers() }),
    },
    {
      path: "/api/v1/resources",
      summary: "All resources.",
      isShared: true,
      answer: () => ({ resources: scheduler.resources() }),
    },
  ];
}

function status({ scheduler, index, engine, version }: Leatd): Answers["/api/v1/status"] {
  return {
    version,
    paused: scheduler.isPaused,
    tasks: index.size,
    workers: scheduler.workers().length,
    sequence: engine.sequence,
    now: engine.now(),
  };
}

async function counts({ scheduler, index }: Leatd): Promise<Answers["/api/v1/counts"]> {
  const families = [...index.countByFamily()].map(([family, byStatus]) => ({ family, byStatus }));
  return {
    byStatus: index.countByStatus(),
    blocked: await countBlocked(scheduler, index),
    families: families.sort((a, b) => (a.family < b.family ? -1 : 1)),
  };
}

function tasks({ scheduler, index }: Leatd, query: Query): Promise<TaskPage> {
  return listTasks(scheduler, index, {
    statuses: query.texts("status") as readonly TaskStatus[] | undefined,
    families: query.texts("family"),
    blockedBy: query.text("blocked") as Blocker | undefined,
    search: wordsOf(query.text("search")),
    sort: (query.text("sort") ?? "created") as SortKey,
    descending: query.text("order") === "desc",
    limit: query.integer("limit") ?? 100,
    cursor: query.text("cursor"),
  });
}

function task({ scheduler }: Leatd, taskId: string): Answers["/api/v1/tasks/{taskId}"] {
  const view = scheduler.task(taskId);
  if (view === undefined) throw noTask(taskId);
  const [upstreamStatus = ""] = scheduler.upstreamStatuses([taskId]);
  return { ...view, upstreamStatus, dependents: scheduler.dependents(taskId) };
}

function graph({ scheduler }: Leatd, taskId: string, query: Query): GraphView {
  const view = viewGraph(scheduler, taskId, {
    direction: (query.text("direction") ?? "up") as GraphQuery["direction"],
    depth: query.integer("depth") ?? 20,
    limit: query.integer("limit") ?? 500,
    includeDone: query.flag("includeDone") ?? true,
  });
  if (view === undefined) throw noTask(taskId);
  return view;
}

async function run(leatd: Leatd, taskId: string): Promise<RunView> {
  const view = await viewRun(leatd, taskId);
  if (view === undefined) throw noTask(taskId);
  return view;
}

function hasWork({ scheduler }: Leatd, worker: string | undefined): HasWork {
  if (worker === undefined) throw new HttpError(400, "INVALID_QUERY", "Give the id of the `worker`.");
  return scheduler.hasWork(worker);
}

function noTask(taskId: string): HttpError {
  return new HttpError(
    404,
    "TASK_NOT_FOUND",
    `There is no task ${JSON.stringify(taskId)}. It was never registered here, or is forgotten; /api/v1/tasks lists those that are known.`,
  );
}
