import type { Scheduler, SchedulerEvent, TaskView } from "@leat/scheduler";
import type { FinishedAttempt } from "./journal.ts";

type StatusEvent = Extract<SchedulerEvent, { type: "task:status" }>;

/** The attempts that ended by these events. Called right after the command, while the tasks still tell of them. */
export function finishedAttempts(scheduler: Scheduler, events: readonly SchedulerEvent[]): FinishedAttempt[] {
  const finished: FinishedAttempt[] = [];
  for (const event of events) {
    if (event.type !== "task:status" || event.token === null || event.reason === "assigned") continue;
    finished.push(toAttempt(event, event.token, scheduler.task(event.taskId)));
  }
  return finished;
}

/** A task may be gone already when much time passed in one step; then only the event tells of the attempt. */
function toAttempt(event: StatusEvent, token: string, task: TaskView | undefined): FinishedAttempt {
  return {
    token,
    taskId: event.taskId,
    family: task?.family ?? "",
    params: task?.params ?? {},
    worker: event.worker ?? "",
    startedAt: task?.lastStartedAt ?? event.at,
    endedAt: event.at,
    outcome: event.to,
    reason: event.reason,
    explanation: event.reason === "reported" && event.to !== "DONE" ? (task?.explanation ?? null) : null,
  };
}
