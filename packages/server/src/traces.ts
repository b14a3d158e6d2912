import type { Tracer } from "@opentelemetry/api";
import type { Change, ChangeListener } from "./engine.ts";
import type { FinishedAttempt } from "./journal.ts";

type Api = typeof import("@opentelemetry/api");

/**
 * Tells OpenTelemetry of each attempt that ended, as a span. Only the API is used: without an SDK that the operator
 * loads (`node --import ./telemetry.mjs …`) nothing is kept and nothing sent, and without the package nothing is done.
 */
export class Traces implements ChangeListener {
  readonly #api: Api;
  readonly #tracer: Tracer;

  constructor(api: Api, version: string) {
    this.#api = api;
    this.#tracer = api.trace.getTracer("leatd", version);
  }

  committed(changes: readonly Change[]): void {
    for (const attempt of changes.flatMap(({ attempts }) => attempts)) this.#tell(attempt);
  }

  #tell(attempt: FinishedAttempt): void {
    const { SpanKind, SpanStatusCode } = this.#api;
    const span = this.#tracer.startSpan(
      attempt.family === "" ? "task" : attempt.family,
      { startTime: attempt.startedAt, kind: SpanKind.CONSUMER, attributes: attributesOf(attempt) },
      this.#api.ROOT_CONTEXT,
    );
    const { outcome, explanation } = attempt;
    if (outcome === "FAILED" || outcome === "DISABLED") {
      span.setStatus({ code: SpanStatusCode.ERROR, message: explanation ?? attempt.reason });
    }
    span.end(attempt.endedAt);
  }
}

function attributesOf({ taskId, family, token, worker, outcome, reason }: FinishedAttempt): {
  [name: string]: string;
} {
  return {
    "leat.task.id": taskId,
    "leat.task.family": family,
    "leat.attempt.token": token,
    "leat.worker": worker,
    "leat.outcome": outcome,
    "leat.reason": reason,
  };
}

/** The API, if the operator has installed it. */
export async function findOpenTelemetry(): Promise<Api | undefined> {
  try {
    return await import("@opentelemetry/api");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
