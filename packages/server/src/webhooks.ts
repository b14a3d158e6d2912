import type { ChangeReason, Scheduler, SchedulerEvent, TaskStatus } from "@leat/scheduler";
import type { Change, ChangeListener } from "./engine.ts";
import { ServerError } from "./errors.ts";
import { list, map, object, oneOf, type Schema, SchemaError, text } from "./schema.ts";
import { taskLabel } from "./task-label.ts";

/** Where notices go. */
export interface Webhook {
  /** Gets a POST with `{ "notices": [Notice, …] }`. It may hold a secret: it is never shown. */
  readonly url: string;
  /** Statuses that are told. Defaults to FAILED and DISABLED. */
  readonly statuses?: readonly TaskStatus[];
  readonly headers?: { readonly [name: string]: string };
}

/** A task has a new status. */
export interface Notice {
  readonly taskId: string;
  readonly label: string;
  readonly family: string;
  readonly status: TaskStatus;
  readonly reason: ChangeReason;
  readonly at: number;
  readonly worker: string | null;
  readonly explanation: string | null;
  readonly owners: readonly string[];
}

export interface WebhooksOptions {
  readonly webhooks: readonly Webhook[];
  readonly scheduler: Scheduler;
  /** Told when a notice could not be delivered. */
  readonly onError: (error: unknown) => void;
}

const schema: Schema<readonly Webhook[]> = list(
  object(
    { url: text() },
    {
      statuses: list(oneOf("PENDING", "RUNNING", "BATCH_RUNNING", "DONE", "FAILED", "DISABLED", "UNKNOWN")),
      headers: map(text()),
    },
  ),
);

/** Reads webhooks from JSON. `source` names the text in errors, which show none of it. Throws `OPTION_INVALID`. */
export function parseWebhooks(json: string, source: string): readonly Webhook[] {
  try {
    const webhooks = JSON.parse(json) as readonly Webhook[];
    schema.check(webhooks, "webhooks");
    const wrong = webhooks.findIndex(({ url }) => !/^https?:/.test(url) || !URL.canParse(url));
    if (wrong >= 0)
      throw new SchemaError(`webhooks[${wrong}].url is no URL that begins with http: or https:.`);
    return webhooks;
  } catch (error) {
    const what = error instanceof SchemaError ? error.message : "it is not JSON.";
    throw new ServerError("OPTION_INVALID", `The webhooks in ${source} cannot be used: ${what}`);
  }
}

/** Notices that come within this time are sent together. */
const GATHER_MS = 1000;

/** Notices of one POST. More than this in one go are left out, and their number is told. */
const MOST_NOTICES = 1000;

/** Pauses before a delivery that failed is repeated; after the last it is given up. */
const PAUSES_MS = [1000, 10_000, 60_000];

const TIMEOUT_MS = 10_000;

/** Tells others when tasks fail. A delivery that fails holds up nothing but itself. */
export class Webhooks implements ChangeListener {
  readonly #options: WebhooksOptions;
  #notices: Notice[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  committed(changes: readonly Change[]): void {
    const wanted = new Set(this.#options.webhooks.flatMap(statusesOf));
    if (wanted.size === 0) return;
    for (const event of changes.flatMap(({ events }) => events)) {
      if (event.type === "task:status" && wanted.has(event.to)) this.#notices.push(this.#toNotice(event));
    }
    if (this.#notices.length > 0)
      this.#timer ??= setTimeout(() => void this.#deliverAll(), GATHER_MS).unref();
  }

  /** Sends what has gathered, once. */
  async close(): Promise<void> {
    await this.#deliverAll([]);
  }

  #toNotice({ taskId, to, reason, at, worker }: Extract<SchedulerEvent, { type: "task:status" }>): Notice {
    const task = this.#options.scheduler.task(taskId);
    return {
      taskId,
      label: task === undefined ? taskId : taskLabel(task),
      family: task?.family ?? "",
      status: to,
      reason,
      at,
      worker,
      explanation: reason === "reported" ? (task?.explanation ?? null) : null,
      owners: task?.owners ?? [],
    };
  }

  async #deliverAll(pausesMs: readonly number[] = PAUSES_MS): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const notices = this.#notices;
    this.#notices = [];
    await Promise.all(this.#options.webhooks.map((webhook) => this.#deliver(webhook, notices, pausesMs)));
  }

  async #deliver(webhook: Webhook, all: readonly Notice[], pausesMs: readonly number[]): Promise<void> {
    const notices = all.filter(({ status }) => statusesOf(webhook).includes(status));
    if (notices.length === 0) return;
    const omitted = Math.max(0, notices.length - MOST_NOTICES);
    const body = JSON.stringify({ notices: notices.slice(0, MOST_NOTICES), omitted });
    for (const pauseMs of [...pausesMs, undefined]) {
      const problem = await post(webhook, body);
      if (problem === undefined) return;
      if (pauseMs === undefined) return this.#options.onError(undelivered(webhook, notices.length, problem));
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
    }
  }
}

function statusesOf({ statuses }: Webhook): readonly TaskStatus[] {
  return statuses ?? ["FAILED", "DISABLED"];
}

/** Resolves to what went wrong. */
async function post({ url, headers = {} }: Webhook, body: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      // A secret in the URL or a header is for this host alone.
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it gave status ${answer.status}`;
  } catch (error) {
    const { cause } = error as Error;
    return cause instanceof Error ? cause.message : (error as Error).message;
  }
}

function undelivered({ url }: Webhook, count: number, problem: string): ServerError {
  const message = `The webhook at ${new URL(url).host} did not take ${count} notices: ${problem}.`;
  return new ServerError("WEBHOOK_FAILED", message);
}
