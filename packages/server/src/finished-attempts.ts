import type { Command, Made, Scheduler, SchedulerEvent, TaskView } from "@leat/scheduler";
import type { FinishedAttempt } from "./journal.ts";

type StatusEvent = Extract<SchedulerEvent, { type: "task:status" }>;

/** The attempts that ended by a command. Called right after it, while the tasks still tell of them. */
export function finishedAttempts(
  scheduler: Scheduler,
  command: Command,
  events: readonly SchedulerEvent[],
): FinishedAttempt[] {
  const finished: FinishedAttempt[] = [];
  for (const event of events) {
    if (event.type !== "task:status" || event.token === null || event.reason === "assigned") continue;
    finished.push(toAttempt(event, event.token, scheduler.task(event.taskId), madeBy(command, event)));
  }
  return finished;
}

/** A task may be gone already when much time passed in one step; then only the event tells of the attempt. */
function toAttempt(
  event: StatusEvent,
  token: string,
  task: TaskView | undefined,
  { outputs = null, bytes = null, rows = null }: { [Name in keyof Made]?: Made[Name] | null },
): FinishedAttempt {
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
    outputs,
    bytes,
    rows,
  };
}

/** What was made is told of the task that the report names: of a batch, that is what all its members made. */
function madeBy(command: Command, { taskId, reason }: StatusEvent): Made {
  if (command.type !== "report" || reason !== "reported" || command.taskId !== taskId) return {};
  return command.made ?? {};
}
