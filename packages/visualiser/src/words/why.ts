import type { GraphNode, ResourceView, TaskView, WorkerView } from "../api/types.ts";
import { formatDuration, formatRelative, formatTime, plural } from "./format.ts";
import { statusName } from "./statuses.ts";

/** What the scheduler knows beside the task itself. */
export interface Surroundings {
  readonly now: number;
  readonly isPaused: boolean;
  /** The requirements, done or not. */
  readonly deps: readonly Pick<GraphNode, "taskId" | "status">[];
  readonly resources: readonly ResourceView[];
  readonly workers: readonly WorkerView[];
}

/** A reason in words, and the tasks it speaks of. */
export interface Reason {
  readonly text: string;
  readonly tasks?: readonly Pick<GraphNode, "taskId" | "status">[];
}

/** Says why a task is in its state: what it waits for, who runs it, when it is tried again. */
export function whyOf(task: TaskView, around: Surroundings): Reason[] {
  switch (task.status) {
    case "PENDING":
      return whyPending(task, around);
    case "RUNNING":
    case "BATCH_RUNNING":
      return [whyRunning(task, around)];
    case "FAILED":
      return [whyFailed(task, around)];
    case "DISABLED":
      return [whyDisabled(task, around)];
    case "DONE":
      return [whyDone(task, around)];
    case "UNKNOWN":
      return [
        { text: "It is named as a requirement, but no worker has registered it yet. It cannot run before." },
      ];
  }
}

function whyPending(task: TaskView, around: Surroundings): Reason[] {
  const open = around.deps.filter(({ status }) => status !== "DONE");
  if (open.length > 0) return [...begun(task), waitsFor(open, around.deps.length), ...troubles(open)];
  if (!task.runnable) {
    return [
      {
        text: "It is external data: no worker makes it. It is done as soon as a worker finds it in its place.",
      },
    ];
  }
  const reasons = [
    ...(around.isPaused
      ? [{ text: "It is ready, but the scheduler is paused: nothing new is started." }]
      : []),
    ...missingResources(task, around.resources),
    ...missingWorkers(task, around.workers),
  ];
  if (reasons.length === 0)
    return [{ text: `It is ready: ${task.suspendedBy ?? "the next free worker"} takes it.` }];
  return [...begun(task), ...reasons];
}

function begun({ suspendedBy }: TaskView): Reason[] {
  if (suspendedBy === undefined) return [];
  return [{ text: `${suspendedBy} began it and goes on with it when it has what it needs.` }];
}

function waitsFor(open: Surroundings["deps"], total: number): Reason {
  const words =
    open.length === total
      ? plural(total, "requirement")
      : `${open.length} of ${plural(total, "requirement")}`;
  return { text: `It waits for ${words}:`, tasks: open };
}

/** Requirements that will not become done by themselves. */
function troubles(open: Surroundings["deps"]): Reason[] {
  const stuck = open.filter(({ status }) => status === "DISABLED" || status === "UNKNOWN" || status === null);
  if (stuck.length === 0) return [];
  const names = [...new Set(stuck.map(({ status }) => statusName(status).toLowerCase()))].join(" or ");
  return [
    {
      text: `${plural(stuck.length, "of them is", "of them are")} ${names}: somebody has to do something first.`,
    },
  ];
}

function missingResources({ resources: needs }: TaskView, resources: readonly ResourceView[]): Reason[] {
  return Object.entries(needs).flatMap(([name, needed]) => {
    const { limit = 1, used = 0, holders = [] } = resources.find(({ resource }) => resource === name) ?? {};
    if (used + needed <= limit) return [];
    return [
      {
        text: `It needs ${needed} of the resource ${name}; ${used} of ${limit} ${used === 1 ? "is" : "are"} in use${holders.length === 0 ? "." : " by:"}`,
        tasks: holders.map((taskId) => ({ taskId, status: "RUNNING" as const })),
      },
    ];
  });
}

function missingWorkers(task: TaskView, workers: readonly WorkerView[]): Reason[] {
  const able = workers.filter((worker) => isAble(worker, task));
  if (able.length === 0) return [{ text: "No worker that can run it is connected. Start one." }];
  const open = able.filter((worker) => worker.workerState === "active" && !worker.paused);
  if (open.length === 0)
    return [{ text: `${plural(able.length, "worker")} could run it, but all are paused or drain.` }];
  const isFree = open.some(({ running, processes }) => running.length < processes);
  if (isFree) return [];
  return [
    {
      text: `It is ready; ${open.map(({ worker }) => worker).join(", ")} could run it and ${open.length === 1 ? "is" : "are"} busy.`,
    },
  ];
}

function isAble({ worker, assistant }: WorkerView, { suspendedBy, workers }: TaskView): boolean {
  return suspendedBy === undefined ? assistant || workers.includes(worker) : worker === suspendedBy;
}

function whyRunning({ attempt, failures }: TaskView, { now }: Surroundings): Reason {
  if (attempt === undefined) return { text: "A worker runs it." };
  const nth = failures === 0 ? "" : `, attempt ${failures + 1}`;
  return { text: `${attempt.worker} has run it for ${formatDuration(now - attempt.startedAt)}${nth}.` };
}

function whyFailed({ failures, retryAt, retry, note }: TaskView, { now }: Surroundings): Reason {
  if (note?.action === "cancel")
    return { text: `An operator cancelled it${because(note.reason)} It is not tried again by itself.` };
  const count = `It failed ${failures <= 1 ? "once" : `${failures} times`}.`;
  if (retryAt === undefined) return { text: `${count} It is not tried again by itself.` };
  const left = retry.retryCount - failures;
  const limit = left <= 0 ? "" : ` After ${plural(left, "more failure")} it is disabled.`;
  return {
    text: `${count} It is tried again ${formatRelative(retryAt, now)}, at ${formatTime(retryAt)}.${limit}`,
  };
}

function whyDisabled({ failures, disabledBy, disabledUntil, note }: TaskView, { now }: Surroundings): Reason {
  if (disabledBy === "operator") {
    const reason = note?.action === "disable" ? note.reason : "";
    return { text: `An operator disabled it${because(reason)} It stays so until somebody enables it.` };
  }
  if (disabledBy === "worker") return { text: "Its worker says that it is not to be run." };
  const end =
    disabledUntil === undefined
      ? ""
      : ` That ends ${formatRelative(disabledUntil, now)}, at ${formatTime(disabledUntil)}.`;
  return { text: `It failed ${plural(failures, "time")}, so the scheduler disabled it.${end}` };
}

function whyDone({ lastStartedAt, lastWorker, updatedAt, note }: TaskView, { now }: Surroundings): Reason {
  const since = `since ${formatTime(updatedAt)} (${formatRelative(updatedAt, now)})`;
  if (note?.action === "markDone")
    return { text: `An operator marked it done${because(note.reason)} Done ${since}.` };
  if (lastStartedAt === undefined) return { text: `A worker found it complete. Done ${since}.` };
  return { text: `${lastWorker} ran it in ${formatDuration(updatedAt - lastStartedAt)}. Done ${since}.` };
}

function because(reason: string): string {
  return reason === "" ? "." : `: “${reason}”.`;
}
