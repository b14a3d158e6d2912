import type { Context, Span, Tracer } from "@opentelemetry/api";
import type { Change, ChangeListener } from "./engine.ts";
import type { FinishedAttempt } from "./journal.ts";
import type { WorkerRun } from "./worker-runs.ts";

type Api = typeof import("@opentelemetry/api");

/**
 * Tells OpenTelemetry of each run, as a span that ends when its worker is gone, and of each attempt that ended, as a span
 * within it. Only the API is used: without an SDK that the operator loads (`node --import ./telemetry.mjs …`) nothing is kept
 * and nothing sent, and without the package nothing is done.
 */
export class Traces implements ChangeListener {
  readonly #api: Api;
  readonly #tracer: Tracer;
  /** Of runs that go on, by worker. One that was begun under another leatd has none. */
  readonly #runs = new Map<string, Span>();

  constructor(api: Api, version: string) {
    this.#api = api;
    this.#tracer = api.trace.getTracer("leatd", version);
  }

  committed(changes: readonly Change[]): void {
    for (const { runs, attempts } of changes) {
      for (const run of runs) if (run.endedAt === null) this.#begin(run);
      for (const attempt of attempts) this.#tell(attempt);
      for (const { worker, endedAt } of runs) if (endedAt !== null) this.#end(worker, endedAt);
    }
  }

  /** Or learns more of a run that has begun. */
  #begin({ worker, info, startedAt }: WorkerRun): void {
    const span =
      this.#runs.get(worker) ??
      this.#tracer.startSpan("run", {
        startTime: startedAt,
        root: true,
        attributes: { "leat.worker": worker },
      });
    this.#runs.set(worker, span);
    for (const [name, value] of Object.entries(info)) {
      if (value !== null) span.setAttribute(`leat.run.${name}`, value);
    }
  }

  #end(worker: string, endedAt: number): void {
    this.#runs.get(worker)?.end(endedAt);
    this.#runs.delete(worker);
  }

  #contextOf(worker: string): Context {
    const { ROOT_CONTEXT, trace } = this.#api;
    const run = this.#runs.get(worker);
    return run === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, run);
  }

  #tell(attempt: FinishedAttempt): void {
    const { SpanKind, SpanStatusCode } = this.#api;
    const span = this.#tracer.startSpan(
      attempt.family === "" ? "task" : attempt.family,
      { startTime: attempt.startedAt, kind: SpanKind.CONSUMER, attributes: attributesOf(attempt) },
      this.#contextOf(attempt.worker),
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
