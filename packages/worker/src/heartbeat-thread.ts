import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { HttpScheduler } from "@leat/scheduler/client";
import type { FromHeartbeat, HeartbeatSettings, ToHeartbeat } from "./heartbeat-messages.ts";

// The program of the thread that tells the scheduler that a worker is alive, however busy the worker's own thread is. It has a
// connection of its own.

const { scheduler: place, worker, intervalMs } = workerData as HeartbeatSettings;
const running = new Set<string>();
let session = "";
let acknowledged = 0;
/** Number of the last message that the worker was given. */
let given = 0;

parentPort?.on("message", (message: ToHeartbeat) => {
  if (message.type === "begin") running.add(message.token);
  else if (message.type === "end") running.delete(message.token);
  else acknowledged = message.number;
});

// It is as patient as the scheduler is away: whether that is too long is for the calls of the worker to say.
const scheduler = new HttpScheduler({ ...place, deadlineMs: Infinity });
for (;;) {
  await beat().catch((error: Error) => tell({ type: "refused", message: error.message }));
  await sleep(intervalMs);
}

async function beat(): Promise<void> {
  const sent = { worker, running: [...running], acknowledge: acknowledged };
  const heard = await scheduler.heartbeat(sent);
  // A scheduler that forgot the worker counts its messages anew.
  if (heard.session !== session) given = 0;
  session = heard.session;
  const messages = heard.messages.filter(({ number }) => number > given);
  given = messages.at(-1)?.number ?? given;
  // What ended while the heartbeat was on its way is of no interest.
  const stale = heard.stale.filter((token) => running.has(token));
  tell({ type: "heard", session, workerState: heard.workerState, stale, messages });
}

function tell(message: FromHeartbeat): void {
  parentPort?.postMessage(message);
}
