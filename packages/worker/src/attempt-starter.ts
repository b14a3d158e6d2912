import { type Task, WrapperTask } from "@leat/core";
import type { Assignment } from "@leat/scheduler";
import type { Attempt } from "./attempt.ts";
import { AttemptLog } from "./attempt-log.ts";
import { combine } from "./batch.ts";
import { startAfter } from "./delayed-attempt.ts";
import { type AttemptObserver, type AttemptSpec, type RunningAttempt, settledAttempt } from "./runner.ts";
import { hideSecrets } from "./secrets.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** What the worker does for an attempt that asks for it. */
export interface AttemptServices {
  need(attempt: Attempt, tasks: readonly Task[]): Promise<string>;
  releaseResources(attempt: Attempt, units: Readonly<Record<string, number>>): void;
  /** Present where an attempt may not begin without: rejects with why it may not. */
  readonly verify?: ((attempt: Attempt) => Promise<true>) | undefined;
}

/** Hands attempts to the runner, and tells listeners what they say. */
export class AttemptStarter {
  readonly #options: WorkerOptions;
  readonly #services: AttemptServices;

  constructor(options: WorkerOptions, services: AttemptServices) {
    this.#options = options;
    this.#services = services;
  }

  /** Begins an attempt; what cannot begin has failed. */
  start(attempt: Attempt, assignment: Assignment): RunningAttempt {
    const { task, members } = attempt;
    // Its requirements are done, and that is all that it is.
    if (WrapperTask.isPlain(task)) return settledAttempt(Promise.resolve());
    const { runner, observe } = this.#options;
    const { verify } = this.#services;
    try {
      const spec = members.length === 1 ? this.#specOf(attempt) : this.#batchSpecOf(attempt);
      const ownObserver = this.#observerOf(attempt, spec.task);
      const observer = observe?.(assignment, ownObserver, spec.task) ?? ownObserver;
      if (verify === undefined) return runner.start(spec, observer);
      return startAfter(
        () => verify(attempt),
        () => runner.start(spec, observer),
      );
    } catch (error) {
      return settledAttempt(Promise.reject(error));
    }
  }

  #specOf({ task, token }: Attempt): AttemptSpec {
    const { recipes, timeoutSeconds } = this.#options;
    const limit = task.timeoutSeconds ?? timeoutSeconds;
    return { token, task, recipe: recipes?.of(task.id), timeoutSeconds: limit };
  }

  #batchSpecOf({ members, token }: Attempt): AttemptSpec {
    const { recipes, timeoutSeconds } = this.#options;
    const task = combine(members);
    return {
      token,
      task,
      recipe: recipes?.ofOther(task),
      members: members.map((member) => ({ task: member, recipe: recipes?.of(member.id) })),
      timeoutSeconds: task.timeoutSeconds ?? timeoutSeconds,
    };
  }

  #observerOf(attempt: Attempt, worked: Task): AttemptObserver {
    const { events, log } = this.#options;
    const hide = (text: string): string => hideSecrets(text, worked);
    const tell = (emit: (task: Task) => void): void => attempt.members.forEach(emit);
    return {
      log: new AttemptLog(log, worked),
      progress: (given, text) => {
        const fraction = Math.min(Math.max(given, 0), 1) || 0;
        const message = text === undefined ? undefined : hide(text);
        tell((task) => events.emit("task:progress", { task, fraction, message }));
      },
      status: (text) => tell((task) => events.emit("task:status", { task, message: hide(text) })),
      trackingUrl: (url) => tell((task) => events.emit("task:trackingUrl", { task, url: hide(url) })),
      emit: (name, data) => tell((task) => events.emit(name, { ...data, task } as never)),
      need: (tasks) => this.#services.need(attempt, tasks),
      releaseResources: (units) => this.#services.releaseResources(attempt, units),
      // In a run of its own, nobody asks; a shared one sends the reply.
      respond: () => undefined,
    };
  }
}
