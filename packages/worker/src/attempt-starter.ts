import { type Task, WrapperTask } from "@leat/core";
import type { Assignment } from "@leat/scheduler";
import type { Attempt } from "./attempt.ts";
import { AttemptLog } from "./attempt-log.ts";
import { combine } from "./batch.ts";
import { type AttemptObserver, type AttemptSpec, type RunningAttempt, settledAttempt } from "./runner.ts";
import { hideSecrets } from "./secrets.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** What the worker does for an attempt that asks for it. */
export interface AttemptServices {
  need(attempt: Attempt, tasks: readonly Task[]): Promise<void>;
  releaseResources(attempt: Attempt, units: Readonly<Record<string, number>>): void;
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
    try {
      const spec = members.length === 1 ? this.#specOf(attempt) : this.#batchSpecOf(attempt);
      const observer = this.#observerOf(attempt, spec.task);
      return runner.start(spec, observe?.(assignment, observer, spec.task) ?? observer);
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
