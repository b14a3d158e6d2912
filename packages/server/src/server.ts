import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { Access } from "./access.ts";
import { AttemptLogs } from "./attempt-logs.ts";
import { commandRoutes } from "./command-routes.ts";
import { Engine } from "./engine.ts";
import { EventStream } from "./event-stream.ts";
import { SqliteHistory } from "./history.ts";
import { createHttpServer } from "./http-server.ts";
import type { Leatd } from "./leatd.ts";
import { listen } from "./listen.ts";
import { logRoutes } from "./log-routes.ts";
import { luigiRoutes } from "./luigi/luigi-routes.ts";
import { Metrics } from "./metrics.ts";
import { otherRoutes } from "./other-routes.ts";
import { RateLimit } from "./rate-limit.ts";
import { readRoutes } from "./read-routes.ts";
import { recover } from "./recovery.ts";
import type { Route } from "./route.ts";
import { type FullOptions, type ServerOptions, withDefaults } from "./server-options.ts";
import { closeSqlite, openSqlite, type Sqlite } from "./sqlite-database.ts";
import { SqliteJournal } from "./sqlite-journal.ts";
import { TaskIndex } from "./task-index.ts";
import { Webhooks } from "./webhooks.ts";
import { WorkQueue } from "./work-queue.ts";

/** A leatd that serves. */
export interface RunningServer {
  /** Where it can be reached, e.g. `http://127.0.0.1:8082`. */
  readonly url: string;
  /** Resolves when it has stopped; rejects when it had to, because its journal failed. */
  readonly stopped: Promise<void>;
  /** Answers what is under way, saves a snapshot and closes. Calls that wait for work are answered at once. */
  stop(): Promise<void>;
}

/** Requests under way get this long to end when leatd stops. */
const DRAIN_MS = 5000;

/** How often old attempts are forgotten. */
const RETENTION_INTERVAL_MS = 3_600_000;

const DAY_MS = 86_400_000;

/** Longest time that `getWork` waits, whatever the silence that workers are allowed. */
const MAX_WAIT_MS = 30_000;

/** Recovers the state and serves it. Throws `ServerError` when it cannot. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const full = withDefaults(options);
  const database = openSqlite(full.statePath);
  try {
    return await LeatServer.start(full, database);
  } catch (error) {
    if (database.open) closeSqlite(database);
    throw error;
  }
}

class LeatServer implements RunningServer {
  readonly url: string;
  readonly stopped: Promise<void>;
  readonly #http: Server;
  readonly #leatd: Leatd;
  readonly #stopping: AbortController;
  readonly #retention: NodeJS.Timeout;
  /** Requests whose answer is not out yet. */
  #answering = 0;
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  private constructor(url: string, http: Server, leatd: Leatd, stopping: AbortController, historyMs: number) {
    this.url = url;
    this.#http = http;
    this.#leatd = leatd;
    this.#stopping = stopping;
    http.on("request", (_, response) => {
      this.#answering += 1;
      response.once("close", () => (this.#answering -= 1));
    });
    this.stopped = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not ask need not handle it.
    this.stopped.catch(() => undefined);
    const forget = () => {
      const before = leatd.engine.now() - historyMs;
      leatd.history.forget(before);
      leatd.logs.forget(before);
    };
    this.#retention = setInterval(forget, RETENTION_INTERVAL_MS).unref();
    forget();
  }

  static async start(options: FullOptions, database: Sqlite): Promise<LeatServer> {
    let abandon: (error: Error) => void = options.onError;
    const stopping = new AbortController();
    const leatd = await assemble(options, database, (error) => abandon(error));
    const http = createHttpServer({
      routes: routesOf(leatd),
      access: new Access(options.tokens),
      rateLimit: new RateLimit(options.requestsPerSecond),
      maxBodyBytes: options.maxBodyBytes,
      stopping: stopping.signal,
      tls: options.tls,
      onError: options.onError,
      onAnswer: (path, status, seconds) => leatd.metrics.answered(path, status, seconds),
    });
    const url = await listen(http, options);
    const server = new LeatServer(url, http, leatd, stopping, options.historyDays * DAY_MS);
    abandon = (error) => server.#abandon(error);
    return server;
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return this.stopped;
    this.#stopping.abort();
    clearInterval(this.#retention);
    try {
      await this.#drain();
      await this.#leatd.engine.close();
      await this.#leatd.webhooks.close();
      this.#settle?.resolve();
    } catch (error) {
      this.#settle?.reject(error);
    }
    return this.stopped;
  }

  async #drain(): Promise<void> {
    this.#leatd.events.close();
    this.#leatd.logs.close();
    const closed = once(this.#http, "close");
    this.#http.close();
    const until = performance.now() + DRAIN_MS;
    const timer = setInterval(() => {
      const isLate = performance.now() > until;
      // Connections on which nothing was ever asked count as busy to Node, so they are not waited for.
      if (this.#answering === 0 || isLate) this.#http.closeAllConnections();
      else this.#http.closeIdleConnections();
    }, 20);
    await closed;
    clearInterval(timer);
  }

  /** What was promised cannot be kept any more: nobody gets another reply. */
  #abandon(error: Error): void {
    this.#stopping.abort();
    clearInterval(this.#retention);
    this.#leatd.events.close();
    this.#leatd.logs.close();
    this.#http.close();
    // The calls that were refused just now still get their answers.
    setTimeout(() => this.#http.closeAllConnections(), 100).unref();
    this.#settle?.reject(error);
  }
}

async function assemble(
  options: FullOptions,
  database: Sqlite,
  onFailure: (error: Error) => void,
): Promise<Leatd> {
  const { clock, statePath, config } = options;
  const journal = new SqliteJournal(database, statePath);
  const events = new EventStream();
  const recovered = await recover(journal, config, clock(), (sequence, happened) =>
    events.keep(sequence, happened),
  );
  events.startAfter(recovered.sequence - recovered.replayed);
  const index = new TaskIndex(recovered.scheduler);
  const metrics = new Metrics(index);
  const workQueue = new WorkQueue();
  const logs = new AttemptLogs(database, statePath);
  const webhooks = new Webhooks({
    webhooks: options.webhooks,
    scheduler: recovered.scheduler,
    onError: options.onError,
  });
  const listeners = [index, metrics, events, workQueue, logs, webhooks];
  const engine = new Engine({ ...recovered, journal, clock, onFailure, listeners });
  return {
    engine,
    scheduler: recovered.scheduler,
    index,
    events,
    workQueue,
    logs,
    webhooks,
    metrics,
    history: new SqliteHistory(database, statePath),
    version: version(),
    maxWaitMs: Math.min(MAX_WAIT_MS, ((recovered.config.workerTimeoutSeconds ?? 60) * 1000) / 3),
    maxBodyBytes: options.maxBodyBytes,
  };
}

function routesOf(leatd: Leatd): Route[] {
  const api = [...commandRoutes(leatd), ...readRoutes(leatd), ...logRoutes(leatd)];
  return [...api, ...otherRoutes(leatd, api), ...luigiRoutes(leatd)];
}

/** Of this package. */
export function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
