import { readFileSync } from "node:fs";
import type { Access } from "./access.ts";
import { actRoute } from "./act-route.ts";
import { AttemptLogs } from "./attempt-logs.ts";
import { commandRoutes } from "./command-routes.ts";
import { Emails } from "./emails.ts";
import { Engine } from "./engine.ts";
import { EventStream } from "./event-stream.ts";
import { History } from "./history.ts";
import type { Leatd } from "./leatd.ts";
import { logRoutes } from "./log-routes.ts";
import { luigiRoutes } from "./luigi/luigi-routes.ts";
import { Metrics } from "./metrics.ts";
import { otherRoutes } from "./other-routes.ts";
import { pageRoutes, sessionRoute } from "./page-routes.ts";
import { readRoutes } from "./read-routes.ts";
import { recover } from "./recovery.ts";
import type { Route } from "./route.ts";
import type { FullOptions } from "./server-options.ts";
import type { Store } from "./store.ts";
import { SharedAnswers } from "./shared-answers.ts";
import { TaskIndex } from "./task-index.ts";
import { findOpenTelemetry, Traces } from "./traces.ts";
import { Webhooks } from "./webhooks.ts";
import { WorkQueue } from "./work-queue.ts";

/** Longest time that `getWork` waits, whatever the silence that workers are allowed. */
const MAX_WAIT_MS = 30_000;

/** Recovers the state that the store holds, and puts everything together that works with it. */
export async function assemble(
  options: FullOptions,
  { journal, database }: Store,
  onFailure: (error: Error) => void,
): Promise<Leatd> {
  const { clock, config, onError } = options;
  const events = new EventStream();
  const recovered = await recover(journal, config, clock(), (sequence, happened) =>
    events.keep(sequence, happened),
  );
  events.startAfter(recovered.sequence - recovered.replayed);
  const { scheduler } = recovered;
  const index = new TaskIndex(scheduler);
  const metrics = new Metrics(index);
  const workQueue = new WorkQueue();
  const sharedAnswers = new SharedAnswers(() => index.size);
  const logs = new AttemptLogs(database);
  const webhooks = new Webhooks({ webhooks: options.webhooks, scheduler, onError });
  const emails = new Emails({ email: options.email, scheduler, onError });
  const openTelemetry = await findOpenTelemetry();
  const traces = openTelemetry === undefined ? [] : [new Traces(openTelemetry, version())];
  const listeners = [index, metrics, events, workQueue, sharedAnswers, logs, webhooks, emails, ...traces];
  return {
    engine: new Engine({ ...recovered, journal, clock, onFailure, listeners }),
    scheduler,
    index,
    events,
    workQueue,
    sharedAnswers,
    logs,
    webhooks,
    emails,
    metrics,
    history: new History(database),
    database,
    version: version(),
    maxWaitMs: Math.min(MAX_WAIT_MS, ((recovered.config.workerTimeoutSeconds ?? 60) * 1000) / 3),
    maxBodyBytes: options.maxBodyBytes,
  };
}

export function routesOf(leatd: Leatd, access: Access): Route[] {
  const api = [
    ...commandRoutes(leatd),
    actRoute(leatd),
    ...readRoutes(leatd),
    ...logRoutes(leatd),
    sessionRoute(access),
  ];
  return [...api, ...otherRoutes(leatd, api), ...luigiRoutes(leatd), ...pageRoutes()];
}

/** Of this package. */
export function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
