import type { ChangeReason, Scheduler, SchedulerEvent, TaskStatus } from "@leat/scheduler";
import type { Change, ChangeListener } from "./engine.ts";
import { ServerError } from "./errors.ts";
import { list, map, object, oneOf, type Schema, SchemaError, text } from "./schema.ts";
import { taskLabel } from "./task-label.ts";
import { WebhookQueue } from "./webhook-queue.ts";

/** Where notices go. */
export interface Webhook {
  /** Gets a POST with `{ "notices": [Notice, …], "omitted": 0 }`. It may hold a password or a secret: it is never shown. */
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
    for (const [index, { headers }] of webhooks.entries()) checkHeaders(headers, index);
    return webhooks;
  } catch (error) {
    const what = error instanceof SchemaError ? error.message : "it is not JSON.";
    throw new ServerError("OPTION_INVALID", `The webhooks in ${source} cannot be used: ${what}`);
  }
}

function checkHeaders(headers: Webhook["headers"], index: number): void {
  try {
    new Headers(headers);
  } catch {
    // What was thrown shows the value.
    throw new SchemaError(`webhooks[${index}].headers has a name or a value that HTTP does not allow.`);
  }
}

type StatusEvent = Extract<SchedulerEvent, { type: "task:status" }>;

/** Tells others when tasks fail. A delivery that fails, or a receiver that hangs, holds up nothing but its own next one. */
export class Webhooks implements ChangeListener {
  readonly #scheduler: Scheduler;
  readonly #queues: readonly WebhookQueue[];

  constructor({ webhooks, scheduler, onError }: WebhooksOptions) {
    this.#scheduler = scheduler;
    this.#queues = webhooks.map((webhook) => new WebhookQueue(webhook, onError));
  }

  committed(changes: readonly Change[]): void {
    if (this.#queues.length === 0) return;
    for (const event of changes.flatMap(({ events }) => events)) {
      if (event.type !== "task:status") continue;
      for (const queue of this.#queues) if (queue.wants(event.to)) queue.add(() => this.#toNotice(event));
    }
  }

  /** Sends what has gathered, once. */
  async close(): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.close()));
  }

  #toNotice({ taskId, to, reason, at, worker }: StatusEvent): Notice {
    const task = this.#scheduler.task(taskId);
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
}
