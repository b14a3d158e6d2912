import type { Act, ReplyTo, SchedulerEvent, TaskAction, TaskStatus } from "@leat/scheduler";
import type { Answers as ByPath } from "@leat/server";

/** What leatd answers is typed by leatd itself, so that neither can change without the other. Types only: none of its code gets here. */
type Answers = {
  readonly [P in keyof ByPath as P extends `/api/v1/${infer Name}` ? Name : never]: ByPath[P];
};

export type { SchedulerEvent, TaskAction, TaskStatus };

export type Session = Answers["session"];
export type Role = Session["roles"][number];
export type Status = Answers["status"];

export type Counts = Answers["counts"];
export type StatusCounts = Counts["byStatus"];
export type FamilyCounts = Counts["families"][number];
/** What keeps waiting tasks from being run until somebody does something. */
export type Blocker = keyof Counts["blocked"];

export type TaskPage = Answers["tasks"];
export type TaskView = TaskPage["tasks"][number];
export type TaskDetails = Answers["tasks/{taskId}"];
export type Graph = Answers["tasks/{taskId}/graph"];
export type GraphNode = Graph["nodes"][number];

export type Workers = Answers["workers"];
export type WorkerView = Workers["workers"][number];
export type Resources = Answers["resources"];
export type ResourceView = Resources["resources"][number];

export type AttemptPage = Answers["attempts"];
/** An attempt that ended. */
export type Attempt = AttemptPage["attempts"][number];
export type FamilyTimes = Answers["history/families"];
export type FamilyRunTimes = FamilyTimes["families"][number];
export type OperationPage = Answers["operations"];
/** Something that an operator did. */
export type Operation = OperationPage["operations"][number];
export type Run = Answers["tasks/{taskId}/run"];
export type RunTask = Run["tasks"][number];
export type RunAttempt = RunTask["attempts"][number];

export type ActRequest = Act;
export type ActReply = Answers["act"];
export type SentMessage = ReplyTo<"sendMessage">;
export type TakenResponse = ReplyTo<"takeResponse">;
