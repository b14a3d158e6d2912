import { classListeners } from "./class-listeners.ts";
import type { Task } from "./task.ts";
import type { TransferProgress } from "./file-transfer.ts";
import type { Logger } from "./run-context.ts";

/**
 * What happens during a run, by name. Luigi's name of each event stands behind it. A module adds events of its own by declaring
 * the interface again; tasks emit them by `emit` of their context.
 */
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
  /** A running task said what it does now. */
  "task:status": { readonly task: Task; readonly message: string };
  /** A running task said where to watch it. */
  "task:trackingUrl": { readonly task: Task; readonly url: string };
  /** A running task waits for tasks that it asked for by `need()`. */
  "task:suspended": { readonly task: Task; readonly dependencies: readonly Task[] };
  /** A task that waited goes on where it stood. */
  "task:resumed": { readonly task: Task };
  /** An attempt failed. (FAILURE) */
  "task:failed": { readonly task: Task; readonly error: Error };
  /** The task that failed will be tried again; `attempt` counts from 1 and is the one that failed. After `task:failed`. */
  "task:retrying": {
    readonly task: Task;
    readonly error: Error;
    readonly attempt: number;
    readonly delaySeconds: number;
  };
  /** An attempt succeeded and its outputs are there. (SUCCESS and PROCESSING_TIME) */
  "task:succeeded": { readonly task: Task; readonly seconds: number };
  /** An attempt was ended because it took too long; `task:failed` follows. (TIMEOUT) */
  "task:timedOut": { readonly task: Task; readonly error: Error };
  /** The process of an attempt ended without a result; `task:failed` follows. (PROCESS_FAILURE) */
  "task:processDied": { readonly task: Task; readonly error: Error };
  /** A file is written or copied, by a task or for it: at its begin, some times while it goes on, and at its end. */
  "transfer:progress": {
    /** Number of the process that does it; `progress.id` tells transfers of one process apart. */
    readonly process: number;
    readonly progress: TransferProgress;
  };
  /** A range looked at what is missing of the tasks that it requires. (DELAY, COMPLETE_COUNT and COMPLETE_FRACTION) */
  "range:measured": RangeMeasured;
}

/** How far the tasks of a range are, counted over the moments from its start to its stop. */
export interface RangeMeasured {
  /** The range. */
  readonly task: Task;
  /** Family of the tasks that it requires. */
  readonly family: string;
  /** Moments from the oldest one that is missing to the end of the range; 0 when none is. */
  readonly delay: number;
  /** Moments that are not missing; those that were not looked at count as complete. */
  readonly completeCount: number;
  /** `completeCount` as a part of all moments, from 0 to 1; 1 when there are none. */
  readonly completeFraction: number;
}

export type RunEventName = keyof RunEvents;

export type RunEventListener<N extends RunEventName> = (event: RunEvents[N]) => void | Promise<void>;

/** Delivers the events of a run to those who listen to the class of the task, then to those who listen to the run. */
export class EventBus {
  /** The log of the run. */
  readonly log: Logger;
  readonly #listeners = new Map<RunEventName, Set<(event: never) => void | Promise<void>>>();

  /** @param log told of a listener that throws or rejects; the others still hear the event */
  constructor(log: Logger) {
    this.log = log;
  }

  /** Registers a listener; the result takes it away again. */
  on<N extends RunEventName>(name: N, listener: RunEventListener<N>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Whether anybody listens to a run for it; those who listen to classes of tasks do not count. */
  hears(name: RunEventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /** Tells those who listen now, one after another; it does not wait for what they promise. */
  emit<N extends RunEventName>(name: N, event: RunEvents[N]): void {
    const report = (error: unknown): void => {
      const shown = error instanceof Error ? error.stack : String(error);
      this.log.error(`A listener of ${name} failed: ${shown}`);
    };
    // A copy: a listener may register another one.
    const listeners = [...classListeners(name, event), ...(this.#listeners.get(name) ?? [])];
    for (const listener of listeners) {
      try {
        const promised: unknown = (listener as RunEventListener<N>)(event);
        if (promised instanceof Promise) promised.catch(report);
      } catch (error) {
        report(error);
      }
    }
  }
}
