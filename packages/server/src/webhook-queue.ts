import { setTimeout as pause } from "node:timers/promises";
import type { TaskStatus } from "@leat/scheduler";
import { ServerError } from "./errors.ts";
import type { Notice, Webhook } from "./webhooks.ts";

/** Notices that come within this time are sent together. */
const GATHER_MS = 1000;

/** Notices of one POST. More than this in one go are left out, and their number is told. */
const MOST_NOTICES = 1000;

/** Pauses before a delivery that failed is repeated; after the last it is given up. */
const PAUSES_MS = [1000, 10_000, 60_000];

const TIMEOUT_MS = 10_000;

/**
 * Notices for one webhook. One delivery is under way at a time, and what comes meanwhile goes with the next: however long
 * the receiver takes, it gets things in order, and no more than one delivery is kept for it.
 */
export class WebhookQueue {
  readonly #webhook: Webhook;
  readonly #onError: (error: unknown) => void;
  readonly #closing = new AbortController();
  #notices: Notice[] = [];
  #omitted = 0;
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> | undefined;

  constructor(webhook: Webhook, onError: (error: unknown) => void) {
    this.#webhook = webhook;
    this.#onError = onError;
  }

  wants(status: TaskStatus): boolean {
    return (this.#webhook.statuses ?? ["FAILED", "DISABLED"]).includes(status);
  }

  /** The notice is made only if it will be sent. */
  add(toNotice: () => Notice): void {
    if (this.#notices.length < MOST_NOTICES) this.#notices.push(toNotice());
    else this.#omitted += 1;
    if (this.#delivering === undefined) this.#deliverSoon();
  }

  /** Sends what has gathered, once. What waits to be repeated is tried a last time at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#delivering;
    await this.#deliver();
  }

  #deliverSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#delivering = this.#deliver().finally(() => {
        this.#delivering = undefined;
        if (this.#notices.length > 0) this.#deliverSoon();
      });
    }, GATHER_MS).unref();
  }

  async #deliver(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [notices, omitted] = [this.#notices, this.#omitted];
    if (notices.length === 0) return;
    [this.#notices, this.#omitted] = [[], 0];
    const problem = await this.#try(JSON.stringify({ notices, omitted }));
    if (problem !== undefined) this.#onError(undelivered(this.#webhook, notices.length + omitted, problem));
  }

  /** Resolves to what went wrong the last time. */
  async #try(body: string): Promise<string | undefined> {
    const { signal } = this.#closing;
    for (const pauseMs of PAUSES_MS) {
      const problem = await post(this.#webhook, body);
      if (problem === undefined || signal.aborted) return problem;
      await pause(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    return post(this.#webhook, body);
  }
}

/** Resolves to what went wrong, without the secrets that are in URLs and headers. */
async function post(webhook: Webhook, body: string): Promise<string | undefined> {
  try {
    const { url, headers } = requestOf(webhook);
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      // A secret in the URL or a header is for this host alone.
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `it gave status ${answer.status}`;
  } catch (error) {
    return problemOf(error as Error);
  }
}

/** `fetch` takes no user and password in a URL. */
function requestOf({ url, headers }: Webhook): { readonly url: URL; readonly headers: Headers } {
  const target = new URL(url);
  const all = new Headers({ "content-type": "application/json", ...headers });
  if (target.username !== "" || target.password !== "") {
    const user = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    if (!all.has("authorization")) all.set("authorization", `Basic ${Buffer.from(user).toString("base64")}`);
    target.username = "";
    target.password = "";
  }
  return { url: target, headers: all };
}

/** What the network says names a host at most. Other messages may show what was to be sent. */
function problemOf({ name, cause }: Error): string {
  if (cause instanceof Error) return cause.message;
  if (name === "TimeoutError") return `it did not answer within ${TIMEOUT_MS / 1000} seconds`;
  return "its URL or headers cannot be used";
}

function undelivered({ url }: Webhook, count: number, problem: string): ServerError {
  const message = `The webhook at ${new URL(url).host} did not take ${count} notices: ${problem}.`;
  return new ServerError("WEBHOOK_FAILED", message);
}
