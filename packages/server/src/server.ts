import { once } from "node:events";
import type { Server } from "node:http";
import { Access } from "./access.ts";
import { assemble, routesOf } from "./assemble.ts";
import { forget } from "./forget.ts";
import { createHttpServer } from "./http-server.ts";
import type { Leatd } from "./leatd.ts";
import { listen } from "./listen.ts";
import { RateLimit } from "./rate-limit.ts";
import { type Finder, Router } from "./route.ts";
import { type FullOptions, type ServerOptions, withDefaults } from "./server-options.ts";
import { StandbyRouter } from "./standby.ts";
import { openStore, type Store } from "./store.ts";

/** A leatd that serves. */
export interface RunningServer {
  /** Where it can be reached, e.g. `http://127.0.0.1:8082`. */
  readonly url: string;
  /** Resolves when it leads: with a SQLite file at once, with PostgreSQL when no other leatd does. */
  readonly leading: Promise<void>;
  /** Resolves when it has stopped; rejects when it had to, because its journal failed or another leatd leads. */
  readonly stopped: Promise<void>;
  /** Answers what is under way, saves a snapshot and closes. Calls that wait for work are answered at once. */
  stop(): Promise<void>;
}

/** Requests under way get this long to end when leatd stops. */
const DRAIN_MS = 5000;

/** How often old attempts are forgotten. */
const RETENTION_INTERVAL_MS = 3_600_000;

const DAY_MS = 86_400_000;

/** Listens, and serves the state as soon as it has it to itself. Throws `ServerError` when it cannot. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const server = new LeatServer(withDefaults(options));
  await server.start();
  return server;
}

class LeatServer implements RunningServer {
  url = "";
  readonly leading: Promise<void>;
  readonly stopped: Promise<void>;
  readonly #standing: Promise<void>;
  readonly #options: FullOptions;
  readonly #access: Access;
  readonly #http: Server;
  readonly #stopping = new AbortController();
  readonly #standby = new StandbyRouter();
  #router: Finder = this.#standby;
  #leatd: Leatd | undefined;
  #retention: NodeJS.Timeout | undefined;
  /** Requests whose answer is not out yet. */
  #answering = 0;
  #lead: () => void = () => undefined;
  #standsBy: () => void = () => undefined;
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(options: FullOptions) {
    this.#options = options;
    this.#access = new Access(options.tokens);
    this.#http = this.#createHttp();
    this.leading = new Promise((resolve) => (this.#lead = resolve));
    this.#standing = new Promise((resolve) => (this.#standsBy = resolve));
    this.stopped = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not ask need not handle it.
    this.stopped.catch(() => undefined);
  }

  /** Resolves when it leads or stands by. */
  async start(): Promise<void> {
    this.url = await listen(this.#http, this.#options);
    const led = this.#waitAndLead();
    // While it stands by, a failure is told by `stopped`.
    led.catch(() => undefined);
    await Promise.race([led, this.#standing]);
  }

  async stop(): Promise<void> {
    if (this.#stopping.signal.aborted) return this.stopped;
    this.#stopping.abort();
    clearInterval(this.#retention);
    try {
      await this.#drain();
      await this.#leatd?.engine.close();
      await this.#leatd?.webhooks.close();
      await this.#leatd?.emails.close();
      this.#settle?.resolve();
    } catch (error) {
      this.#settle?.reject(error);
    }
    return this.stopped;
  }

  #createHttp(): Server {
    const { requestsPerSecond, maxBodyBytes, tls, onError } = this.#options;
    const http = createHttpServer({
      router: () => this.#router,
      access: this.#access,
      rateLimit: new RateLimit(requestsPerSecond),
      maxBodyBytes,
      stopping: this.#stopping.signal,
      tls,
      onError,
      onAnswer: (path, status, seconds) => this.#leatd?.metrics.answered(path, status, seconds),
    });
    const answered = () => (this.#answering -= 1);
    http.on("request", (_, response) => {
      this.#answering += 1;
      response.on("close", answered);
    });
    return http;
  }

  async #waitAndLead(): Promise<void> {
    try {
      const store = await this.#open();
      if (this.#stopping.signal.aborted) return await store.journal.close();
      await this.#serve(store);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#abandon(error as Error);
      throw error;
    }
  }

  #open(): Promise<Store> {
    return openStore({
      statePath: this.#options.statePath,
      url: this.#options.advertise ?? this.url,
      signal: this.#stopping.signal,
      onStandby: (standby) => {
        this.#standby.standby = standby;
        this.#standsBy();
      },
      onDeposed: (error) => this.#abandon(error),
    });
  }

  async #serve(store: Store): Promise<void> {
    try {
      this.#leatd = await assemble(this.#options, store, (error) => this.#abandon(error));
    } catch (error) {
      await store.journal.close();
      throw error;
    }
    this.#router = new Router(routesOf(this.#leatd, this.#access));
    this.#retention = setInterval(() => this.#forget(), RETENTION_INTERVAL_MS).unref();
    this.#forget();
    this.#lead();
  }

  /** What cannot be forgotten now is the next time. */
  #forget(): void {
    const { engine, database } = this.#leatd as Leatd;
    const before = engine.now() - this.#options.historyDays * DAY_MS;
    forget(database, before, this.#stopping.signal).catch(this.#options.onError);
  }

  async #drain(): Promise<void> {
    this.#leatd?.events.close();
    await this.#leatd?.logs.close();
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
    this.#leatd?.events.close();
    void this.#leatd?.logs.close();
    this.#http.close();
    // The calls that were refused just now still get their answers.
    setTimeout(() => this.#http.closeAllConnections(), 100).unref();
    this.#settle?.reject(error);
  }
}
