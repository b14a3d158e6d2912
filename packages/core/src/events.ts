import type { Task } from "./task.ts";
import type { Logger } from "./run-context.ts";

/** What happens during a run, by name. Luigi's name of each event stands behind it. */
export interface RunEvents {
  /** `task` was found to require `dependency`. (DEPENDENCY_DISCOVERED) */
  "dependency:discovered": { readonly task: Task; readonly dependency: Task };
  /** An external task is not complete, or whether a task is complete cannot be told. (DEPENDENCY_MISSING) */
  "dependency:missing": { readonly task: Task };
  /** A task was complete before the run. (DEPENDENCY_PRESENT) */
  "dependency:present": { readonly task: Task };
  /** `requires()` or `complete()` of a task threw. (BROKEN_TASK) */
  "task:broken": { readonly task: Task; readonly error: Error };
  /** An attempt begins. (START) */
  "task:started": { readonly task: Task };
  /** A running task reported how far it is. (PROGRESS) */
  "task:progress": { readonly task: Task; readonly fraction: number; readonly message: string | undefined };
  /** An attempt failed. (FAILURE) */
  "task:failed": { readonly task: Task; readonly error: Error };
  /** An attempt succeeded and its outputs are there. (SUCCESS and PROCESSING_TIME) */
  "task:succeeded": { readonly task: Task; readonly seconds: number };
  /** An attempt was ended because it took too long; `task:failed` follows. (TIMEOUT) */
  "task:timedOut": { readonly task: Task; readonly error: Error };
  /** The process of an attempt ended without a result; `task:failed` follows. (PROCESS_FAILURE) */
  "task:processDied": { readonly task: Task; readonly error: Error };
}

export type RunEventName = keyof RunEvents;

type Listener<N extends RunEventName> = (event: RunEvents[N]) => void | Promise<void>;

/** Delivers the events of a run to listeners, in the order of their registration. */
export class EventBus {
  readonly #log: Logger;
  readonly #listeners = new Map<RunEventName, Set<(event: never) => void | Promise<void>>>();

  /** @param log told of a listener that throws or rejects; the others still hear the event */
  constructor(log: Logger) {
    this.#log = log;
  }

  /** Registers a listener; the result takes it away again. */
  on<N extends RunEventName>(name: N, listener: Listener<N>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Tells those who listen now, one after another; it does not wait for what they promise. */
  emit<N extends RunEventName>(name: N, event: RunEvents[N]): void {
    const report = (error: unknown): void => {
      const shown = error instanceof Error ? error.stack : String(error);
      this.#log.error(`A listener of ${name} failed: ${shown}`);
    };
    // A copy: a listener may register another one.
    const listeners = Array.from(this.#listeners.get(name) ?? []);
    for (const listener of listeners) {
      try {
        const promised: unknown = (listener as Listener<N>)(event);
        if (promised instanceof Promise) promised.catch(report);
      } catch (error) {
        report(error);
      }
    }
  }
}
