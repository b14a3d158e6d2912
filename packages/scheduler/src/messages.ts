import type { Heartbeat, Respond, SendMessage, TakeResponse, WorkerMessage } from "./api.ts";
import type { State } from "./state.ts";
import { detailsOf } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Leaves a message for the worker; its number is given by the order of sending. */
function leave(state: State, worker: WorkerRecord, toMessage: (number: number) => WorkerMessage): void {
  worker.messages.push({ message: toMessage(++state.messagesSent), expiresAt: expiry(state) });
  state.deadlines.arm(worker);
}

function expiry(state: State): number {
  return state.now + state.config.messageTtlSeconds * 1000;
}

export function leaveProcesses(state: State, worker: WorkerRecord, processes: number): void {
  leave(state, worker, (number) => ({ number, name: "setProcesses", processes }));
}

/** Sends to the worker that runs the task. Returns the id of the message, `null` if nobody would read it. */
export function sendMessage(state: State, { taskId, content }: SendMessage): string | null {
  const task = state.tasks.get(taskId);
  if (task?.attempt === undefined || !task.acceptsMessages) return null;
  const messageId = `${state.config.epoch}-${state.messagesSent + 1}`;
  leave(state, task.attempt.worker, (number) => ({
    number,
    name: "taskMessage",
    taskId,
    messageId,
    content,
  }));
  return messageId;
}

/** Drops what the worker has handled and returns the rest. */
export function deliver(worker: WorkerRecord, { acknowledge }: Heartbeat): WorkerMessage[] {
  if (acknowledge !== undefined) {
    worker.messages = worker.messages.filter(({ message }) => message.number > acknowledge);
  }
  return worker.messages.map(({ message }) => message);
}

export function storeResponse(state: State, { taskId, messageId, response }: Respond): boolean {
  const task = state.tasks.get(taskId);
  if (task === undefined) return false;
  const details = detailsOf(task);
  details.responses ??= new Map();
  details.responses.delete(messageId);
  details.responses.set(messageId, { response, expiresAt: expiry(state) });
  state.deadlines.arm(task);
  return true;
}

export function takeResponse(state: State, { taskId, messageId }: TakeResponse): string | null {
  const responses = state.tasks.get(taskId)?.details?.responses;
  const stored = responses?.get(messageId);
  responses?.delete(messageId);
  return stored?.response ?? null;
}
