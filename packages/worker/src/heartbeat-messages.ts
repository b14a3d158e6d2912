import type { WorkerMessage } from "@leat/scheduler";
import type { HttpSchedulerOptions } from "@leat/scheduler/client";

/** What the thread of heartbeats is started with. */
export interface HeartbeatSettings {
  readonly scheduler: Pick<HttpSchedulerOptions, "urls" | "token" | "ca">;
  readonly worker: string;
  readonly intervalMs: number;
}

/** What the worker tells its thread of heartbeats. */
export type ToHeartbeat =
  | { readonly type: "begin"; readonly token: string }
  | { readonly type: "end"; readonly token: string }
  | { readonly type: "acknowledge"; readonly number: number };

/** What the thread tells the worker. */
export type FromHeartbeat =
  | {
      readonly type: "heard";
      /** Empty when the scheduler does not know the worker. */
      readonly session: string;
      readonly workerState: "active" | "disabled";
      /** Tokens of attempts that are not this worker's any more. */
      readonly stale: readonly string[];
      /** Each once. */
      readonly messages: readonly WorkerMessage[];
    }
  | { readonly type: "refused"; readonly message: string };
