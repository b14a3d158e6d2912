import type {
  Accepted,
  Act,
  ActReply,
  AddTasks,
  AddTasksReply,
  DisableWorker,
  GetWork,
  Heartbeat,
  HeartbeatReply,
  OnTask,
  RegisterBatcher,
  RegisterWorker,
  Report,
  ReportReply,
  Respond,
  SchedulerApi,
  SendMessage,
  SendMessageReply,
  SetPaused,
  SetResource,
  SetWorkerPaused,
  SetWorkerProcesses,
  StatusReply,
  TakeResponse,
  TakeResponseReply,
  UnregisterWorker,
  UpdateRun,
  WorkerReply,
  WorkReply,
} from "../api.ts";
import { SchedulerError } from "../errors.ts";
import { inOwnTime, isTemporary, replyOf } from "./answer.ts";
import { lastingFailure } from "./connection-errors.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";
import { type HttpAnswer, post, StaleConnection } from "./transport.ts";

export interface HttpSchedulerOptions {
  /**
   * Where the scheduler may answer, e.g. `http://etl.example:8082`, or `http+unix://` with the encoded path of a socket.
   * With several, calls go to the one that answered last, and to the next when it does not.
   */
  readonly urls: readonly string[];
  /** Sent as bearer token. Defaults to none. */
  readonly token?: string;
  /** How long a call is repeated while no scheduler answers. Defaults to 300000 (5 minutes). */
  readonly deadlineMs?: number;
  /** How long one request may take, the time that `getWork` waits not included. Defaults to 30000. */
  readonly requestTimeoutMs?: number;
  /** Certificates of authorities to trust instead of those that Node trusts, as PEM. */
  readonly ca?: string;
  /** Give `retryAt` and `nextReadyAt` by the clock of this machine instead of the scheduler's. Defaults to false. */
  readonly ownTime?: boolean;
  /** Told once when nobody answers, and why; and once when somebody does again. */
  readonly listener?: OutageListener;
  /** Ends all waiting: calls under way reject with its reason. */
  readonly signal?: AbortSignal;
}

export interface OutageListener {
  away(why: string): void;
  back(): void;
}

export interface GetWorkOptions {
  /** How long the scheduler holds the call back while it has nothing to assign. It may cut this. Defaults to 0. */
  readonly waitMs?: number;
  /** Ends the waiting: the call rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** What a running attempt wrote. */
export interface AttemptLog {
  readonly worker: string;
  readonly taskId: string;
  readonly token: string;
  /** Whole lines, with their ends. */
  readonly text: string;
}

/** Pauses between repetitions grow from one to the other, each by a random part shorter. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * A scheduler behind HTTP. Connections are kept; a call that finds no scheduler is repeated until one answers or the
 * deadline passes, which is safe for all of them (see {@link SchedulerApi}; give `running` with `getWork`).
 *
 * Methods reject with `SchedulerError`: `SCHEDULER_UNAVAILABLE`, `SCHEDULER_FORBIDDEN`, `SCHEDULER_PROTOCOL`, and what
 * the scheduler itself refuses.
 */
export class HttpScheduler implements SchedulerApi {
  readonly #endpoints: readonly Endpoint[];
  readonly #deadlineMs: number;
  readonly #requestTimeoutMs: number;
  readonly #ownTime: boolean;
  readonly #listener: OutageListener | undefined;
  readonly #signal: AbortSignal | undefined;
  #current = 0;
  #isAway = false;

  constructor({
    urls,
    token,
    ca,
    deadlineMs = 300_000,
    requestTimeoutMs = 30_000,
    ownTime = false,
    listener,
    signal,
  }: HttpSchedulerOptions) {
    if (urls.length === 0)
      throw new SchedulerError("INVALID_COMMAND", "Give at least one URL of a scheduler.");
    this.#endpoints = urls.map((url) => parseEndpoint(url, token, ca));
    this.#deadlineMs = deadlineMs;
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#ownTime = ownTime;
    this.#listener = listener;
    this.#signal = signal;
  }

  registerWorker(command: RegisterWorker): Promise<WorkerReply> {
    return this.#call("registerWorker", command);
  }

  registerBatcher(command: RegisterBatcher): Promise<WorkerReply> {
    return this.#call("registerBatcher", command);
  }

  addTasks(command: AddTasks): Promise<AddTasksReply> {
    return this.#call("addTasks", command);
  }

  getWork(command: GetWork, { waitMs = 0, signal }: GetWorkOptions = {}): Promise<WorkReply> {
    return this.#call("getWork", { ...command, waitMs }, waitMs, eitherOf(signal, this.#signal));
  }

  report(command: Report): Promise<ReportReply> {
    return this.#call("report", command);
  }

  updateRun(command: UpdateRun): Promise<Accepted> {
    return this.#call("updateRun", command);
  }

  heartbeat(command: Heartbeat): Promise<HeartbeatReply> {
    return this.#call("heartbeat", command);
  }

  respond(command: Respond): Promise<Accepted> {
    return this.#call("respond", command);
  }

  unregisterWorker(command: UnregisterWorker): Promise<Accepted> {
    return this.#call("unregisterWorker", command);
  }

  forgive(command: OnTask): Promise<StatusReply> {
    return this.#call("forgive", command);
  }

  markDone(command: OnTask): Promise<StatusReply> {
    return this.#call("markDone", command);
  }

  reEnable(command: OnTask): Promise<StatusReply> {
    return this.#call("reEnable", command);
  }

  act(command: Act): Promise<ActReply> {
    return this.#call("act", command);
  }

  setPaused(command: SetPaused): Promise<void> {
    return this.#call("setPaused", command);
  }

  disableWorker(command: DisableWorker): Promise<Accepted> {
    return this.#call("disableWorker", command);
  }

  setWorkerPaused(command: SetWorkerPaused): Promise<Accepted> {
    return this.#call("setWorkerPaused", command);
  }

  setWorkerProcesses(command: SetWorkerProcesses): Promise<Accepted> {
    return this.#call("setWorkerProcesses", command);
  }

  setResource(command: SetResource): Promise<void> {
    return this.#call("setResource", command);
  }

  sendMessage(command: SendMessage): Promise<SendMessageReply> {
    return this.#call("sendMessage", command);
  }

  takeResponse(command: TakeResponse): Promise<TakeResponseReply> {
    return this.#call("takeResponse", command);
  }

  /** Adds text to the log of a live attempt. Not accepted when the attempt is over. */
  appendLog(part: AttemptLog): Promise<Accepted> {
    return this.#call("appendLog", part);
  }

  /** Closes the connections that are open and not in use. */
  close(): void {
    for (const { agent } of this.#endpoints) agent.destroy();
  }

  async #call<Reply>(name: string, command: object, waitMs = 0, signal = this.#signal): Promise<Reply> {
    const body = JSON.stringify(command);
    const until = performance.now() + this.#deadlineMs;
    for (let failures = 0; ; failures++) {
      signal?.throwIfAborted();
      const endpoint = this.#endpoints[this.#current] as Endpoint;
      const tried = await this.#try(endpoint, `/api/v1/${name}`, body, waitMs, signal);
      if ("status" in tried && !isTemporary(tried)) {
        this.#noteBack();
        const reply = replyOf(tried, endpoint.name);
        return (this.#ownTime ? inOwnTime(reply, tried.timeMs) : reply) as Reply;
      }
      signal?.throwIfAborted();
      if (performance.now() >= until) throw this.#unavailable(endpoint, tried);
      this.#noteAway(endpoint, tried);
      await pause(this.#pauseAfter(tried, failures), signal);
    }
  }

  /** A connection that was closed while idle says nothing about the scheduler: then a new one is tried at once. */
  async #try(
    endpoint: Endpoint,
    path: string,
    body: string,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer | Error> {
    for (;;) {
      try {
        return await post(endpoint, path, body, this.#requestTimeoutMs + waitMs, signal);
      } catch (error) {
        if (error instanceof StaleConnection) continue;
        const lasting = lastingFailure(error as Error, endpoint.name);
        if (lasting !== undefined) throw lasting;
        return error as Error;
      }
    }
  }

  /** Goes on to the next URL; there is a pause only after all were tried. */
  #pauseAfter(tried: HttpAnswer | Error, failures: number): number {
    const asked = "status" in tried ? tried.retryAfterMs : undefined;
    if (asked !== undefined && this.#endpoints.length === 1) return asked;
    this.#current = (this.#current + 1) % this.#endpoints.length;
    const rounds = Math.floor((failures + 1) / this.#endpoints.length);
    if ((failures + 1) % this.#endpoints.length !== 0) return 0;
    return Math.min(FIRST_PAUSE_MS * 2 ** (rounds - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
  }

  #noteAway(endpoint: Endpoint, tried: HttpAnswer | Error): void {
    // One of several that is a standby is no outage.
    if (this.#isAway || this.#current !== this.#endpoints.length - 1) return;
    this.#isAway = true;
    this.#listener?.away(whyOf(endpoint, tried));
  }

  #noteBack(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#listener?.back();
  }

  #unavailable(endpoint: Endpoint, tried: HttpAnswer | Error): SchedulerError {
    const names = this.#endpoints.map(({ name }) => name).join(", ");
    return new SchedulerError(
      "SCHEDULER_UNAVAILABLE",
      `No scheduler answered at ${names} for ${this.#deadlineMs / 1000} s (${whyOf(endpoint, tried)}). Is leatd running there?`,
      "status" in tried ? undefined : { cause: tried },
    );
  }
}

function whyOf({ name }: Endpoint, tried: HttpAnswer | Error): string {
  return "status" in tried ? `${name} gave status ${tried.status}` : `${name}: ${tried.message}`;
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : AbortSignal.any([one, other]);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener("abort", finish);
  });
}
