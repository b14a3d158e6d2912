import type { Scheduler, SchedulerEvent } from "@leat/scheduler";
import type { Transporter } from "nodemailer";
import { type Digest, EmailDigest, type Incident, type Trouble } from "./email-digest.ts";
import { type EmailOptions, type FullEmailOptions, withEmailDefaults } from "./email-options.ts";
import type { Change, ChangeListener } from "./engine.ts";
import { ServerError } from "./errors.ts";
import { publicParams, taskLabel } from "./task-label.ts";

export interface EmailsOptions {
  /** `undefined`: nobody is mailed. */
  readonly email: EmailOptions | undefined;
  readonly scheduler: Scheduler;
  /** Told when a message could not be sent; it is lost. */
  readonly onError: (error: unknown) => void;
}

type StatusEvent = Extract<SchedulerEvent, { type: "task:status" }>;

const TIMEOUT_MS = 10_000;

/** Changes that follow from what operators or the clock did to a task that went wrong before: no news. */
const NO_NEWS: ReadonlySet<string> = new Set([
  "re-enabled",
  "disable expired",
  "disabled",
  "cancelled",
  "forgotten",
  "required",
]);

/** Mails what goes wrong: one message for each receiver and interval. A message that cannot be sent holds up nothing. */
export class Emails implements ChangeListener {
  readonly #scheduler: Scheduler;
  readonly #onError: (error: unknown) => void;
  readonly #email: FullEmailOptions | undefined;
  readonly #digest: EmailDigest | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor({ email, scheduler, onError }: EmailsOptions) {
    this.#scheduler = scheduler;
    this.#onError = onError;
    this.#email = email && withEmailDefaults(email);
    this.#digest = this.#email && new EmailDigest(this.#email);
  }

  committed(changes: readonly Change[]): void {
    if (this.#digest === undefined) return;
    for (const event of changes.flatMap(({ events }) => events)) {
      if (event.type !== "task:status") continue;
      for (const trouble of this.#troublesOf(event)) this.add(this.#toIncident(event, trouble));
    }
  }

  /** A worker could not even register a task. */
  add(incident: Incident): void {
    if (this.#digest === undefined || this.#email === undefined) return;
    this.#digest.add(incident);
    const delayMs = this.#email.intervalMinutes * 60_000;
    this.#timer ??= setTimeout(() => void this.#sendAll(), delayMs).unref();
  }

  /** Parameters in which the members of a batch of the family may differ. */
  batchedParams(family: string): readonly string[] {
    return this.#scheduler.batchedParams(family);
  }

  /** Sends what has gathered. */
  close(): Promise<void> {
    return this.#sendAll();
  }

  #troublesOf({ to, reason, taskId }: StatusEvent): Trouble[] {
    if (NO_NEWS.has(reason)) return [];
    if (to === "FAILED") return ["failure"];
    const task = this.#scheduler.task(taskId);
    // Without an explanation it is only named as a requirement, or announced in another way.
    if (to === "UNKNOWN") return task?.explanation === undefined ? [] : ["scheduling failure"];
    // A worker may say that a task is not to be run; that is no trouble.
    return to === "DISABLED" && task?.disabledUntil !== undefined ? ["failure", "disable"] : [];
  }

  #toIncident({ taskId }: StatusEvent, trouble: Trouble): Incident {
    const task = this.#scheduler.task(taskId);
    return {
      trouble,
      label: task === undefined ? taskId : taskLabel(task),
      family: task?.family ?? "",
      params: task === undefined ? {} : publicParams(task),
      batchedParams: this.batchedParams(task?.family ?? ""),
      message: trouble === "disable" ? "" : (task?.explanation ?? ""),
      owners: task?.owners ?? [],
    };
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const digests = this.#digest?.take() ?? [];
    if (digests.length === 0 || this.#email === undefined) return;
    try {
      const transport = await openTransport(this.#email);
      await this.#sendEach(transport, this.#email, digests);
      transport.close();
    } catch (error) {
      this.#onError(error);
    }
  }

  async #sendEach(
    transport: Transporter,
    email: FullEmailOptions,
    digests: readonly Digest[],
  ): Promise<void> {
    for (const [index, digest] of digests.entries()) {
      const error = await send(transport, email, digest);
      if (error === undefined) continue;
      // A server that cannot be reached would cost the same time with each of the others.
      const isGone = UNREACHABLE.has((error as NodeJS.ErrnoException).code);
      this.#onError(notTaken(email, isGone ? digests.slice(index) : [digest], error));
      if (isGone) return;
    }
  }
}

/** Codes of nodemailer for what concerns the server and no single message. */
const UNREACHABLE: ReadonlySet<string | undefined> = new Set([
  "EAUTH",
  "ECONNECTION",
  "EDNS",
  "ESOCKET",
  "ETIMEDOUT",
  "ETLS",
]);

/** Resolves to what went wrong. */
async function send(
  transport: Transporter,
  email: FullEmailOptions,
  digest: Digest,
): Promise<Error | undefined> {
  try {
    await transport.sendMail({
      from: email.sender,
      // One address, whatever else its text may look like: owners are named by workers.
      to: { name: "", address: digest.to },
      subject: `${email.prefix} ${subjectOf(digest, email.intervalMinutes)}`.trim(),
      text: digest.text,
      ...(email.format === "html" ? { html: digest.html } : {}),
    });
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function notTaken({ smtp }: FullEmailOptions, digests: readonly Digest[], cause: Error): ServerError {
  const { host } = new URL(smtp);
  const what = `the ${digests.length === 1 ? "message" : "messages"} to ${digests.map(({ to }) => to).join(", ")}`;
  return new ServerError(
    "EMAIL_FAILED",
    `The mail server at ${host} did not take ${what}: ${cause.message}`,
    {
      cause,
    },
  );
}

function subjectOf({ summary }: Digest, minutes: number): string {
  return `Leat: ${summary}${minutes === 0 ? "" : ` in the last ${minutes} minutes`}`;
}

/** Whoever mails nobody does not pay for the library. */
async function openTransport({ smtp, requireTls }: FullEmailOptions): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  const url = new URL(smtp);
  const secure = url.protocol === "smtps:";
  return createTransport({
    host: url.hostname,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: requireTls && !secure,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
  });
}
