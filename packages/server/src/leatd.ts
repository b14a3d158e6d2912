import type { Scheduler } from "@leat/scheduler";
import type { AttemptLogs } from "./attempt-logs.ts";
import type { Database } from "./database.ts";
import type { Emails } from "./emails.ts";
import type { Engine } from "./engine.ts";
import type { EventStream } from "./event-stream.ts";
import type { History } from "./history.ts";
import type { Metrics } from "./metrics.ts";
import type { SharedAnswers } from "./shared-answers.ts";
import type { TaskIndex } from "./task-index.ts";
import type { Webhooks } from "./webhooks.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What the routes work with. */
export interface Leatd {
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly index: TaskIndex;
  readonly events: EventStream;
  readonly workQueue: WorkQueue;
  readonly sharedAnswers: SharedAnswers;
  readonly history: History;
  readonly database: Database;
  readonly logs: AttemptLogs;
  readonly webhooks: Webhooks;
  readonly emails: Emails;
  readonly metrics: Metrics;
  readonly version: string;
  /** Longest time that `getWork` may wait: a fraction of the silence after which a worker is lost. */
  readonly maxWaitMs: number;
  /** Largest body of a request. */
  readonly maxBodyBytes: number;
}
