import type { HasWork, ResourceView, TaskView, UpstreamStatus, WorkerView } from "@leat/scheduler";
import type { ActAnswer } from "./act-route.ts";
import type { Blocker } from "./blocked-tasks.ts";
import type { GraphGroups, GraphView } from "./graph-view.ts";
import type { AttemptPage, FamilyTimes, RunPage } from "./history.ts";
import type { OperationPage } from "./operations.ts";
import type { RunView } from "./run-view.ts";
import type { StatusCounts } from "./task-index.ts";
import type { TaskPage } from "./task-list.ts";
import type { Role } from "./tokens.ts";

/** What the JSON API answers, by the path of the route. The routes are held to it, and the web page reads by it. */
export interface Answers {
  readonly "/api/v1/status": ServerStatus;
  readonly "/api/v1/counts": Counts;
  readonly "/api/v1/tasks": TaskPage;
  readonly "/api/v1/tasks/{taskId}": TaskAnswer;
  readonly "/api/v1/tasks/{taskId}/graph": GraphView;
  readonly "/api/v1/tasks/{taskId}/groups": GraphGroups;
  readonly "/api/v1/tasks/{taskId}/run": RunView;
  readonly "/api/v1/history/families": { readonly families: readonly FamilyTimes[] };
  readonly "/api/v1/operations": OperationPage;
  readonly "/api/v1/hasWork": HasWork;
  readonly "/api/v1/attempts": AttemptPage;
  readonly "/api/v1/runs": RunPage;
  readonly "/api/v1/workers": { readonly workers: readonly WorkerView[] };
  readonly "/api/v1/resources": { readonly resources: readonly ResourceView[] };
  readonly "/api/v1/session": Session;
  readonly "/api/v1/act": ActAnswer;
}

interface ServerStatus {
  /** Of leatd. */
  readonly version: string;
  readonly paused: boolean;
  readonly tasks: number;
  readonly workers: number;
  /** Number of the last command. */
  readonly sequence: number;
  /** Clock of leatd, in milliseconds since the Unix epoch. */
  readonly now: number;
}

interface Counts {
  readonly byStatus: StatusCounts;
  /** Pending tasks that wait, directly or not, for one in this state; absent when there is none. */
  readonly blocked: { readonly [By in Blocker]?: number };
  readonly families: readonly FamilyCounts[];
}

interface FamilyCounts {
  /** Empty: tasks that are only named as requirements so far. */
  readonly family: string;
  readonly byStatus: StatusCounts;
}

interface TaskAnswer extends TaskView {
  /** What keeps it waiting. */
  readonly upstreamStatus: UpstreamStatus;
  /** Ids of the tasks that require it. */
  readonly dependents: readonly string[];
}

interface Session {
  /** What the sender may do. */
  readonly roles: readonly Role[];
  /** Whether leatd asks for tokens at all. */
  readonly needsToken: boolean;
}
