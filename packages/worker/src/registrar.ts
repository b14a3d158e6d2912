import type { Task } from "@leat/core";
import { batchingOf } from "./batch.ts";
import type { ExternalLooks } from "./external-looks.ts";
import type { Outcomes } from "./outcomes.ts";
import { type PlannedTask, planMore } from "./plan.ts";
import type { RunGraph } from "./run-graph.ts";
import { classOf } from "./task-name.ts";
import { specOf } from "./task-spec.ts";
import type { WorkerOptions } from "./worker-options.ts";

export interface RegistrarOptions {
  readonly options: WorkerOptions;
  readonly graph: RunGraph;
  readonly outcomes: Outcomes;
  readonly looks: ExternalLooks;
}

const NONE: ReadonlyMap<string, PlannedTask> = new Map();

/** Makes the scheduler know the tasks of a graph, and those that come to it while it runs. */
export class Registrar {
  readonly #options: WorkerOptions;
  readonly #graph: RunGraph;
  readonly #outcomes: Outcomes;
  readonly #looks: ExternalLooks;
  /** Families whose tasks the scheduler may put together. */
  readonly #batched = new Set<string>();
  #planned: Promise<void> = Promise.resolve();

  constructor({ options, graph, outcomes, looks }: RegistrarOptions) {
    this.#options = options;
    this.#graph = graph;
    this.#outcomes = outcomes;
    this.#looks = looks;
  }

  /** Registers the graph as it was planned. */
  registerAll(): Promise<void> {
    const { isLeftOut = () => false } = this.#options;
    return this.#register([...this.#graph.tasks.values()].filter(({ task }) => !isLeftOut(task.id)));
  }

  /** Plans and registers tasks that are new. */
  planMore(tasks: readonly Task[]): Promise<void> {
    return this.#next(async () => {
      const found = await planMore(tasks, this.#graph.tasks, this.#options.planning);
      this.#learn(found);
      await this.#register(found);
    });
  }

  /** Plans tasks that were complete, and what they require, as if nothing were known of them, and registers them again. */
  planAgain(tasks: readonly Task[]): Promise<void> {
    return this.#next(async () => {
      const planning = { ...this.#options.planning, isForced: undefined };
      const found = await planMore(tasks, NONE, planning);
      const open = found.filter(({ task, state }) => state !== "complete" || !this.#graph.tasks.has(task.id));
      for (const { task } of open) this.#outcomes.reopened(task.id);
      this.#learn(open);
      await this.#register(open, { outputMissing: true });
    });
  }

  /** One after another: what two tasks ask for at the same time is planned once. */
  #next(step: () => Promise<void>): Promise<void> {
    const planned = this.#planned.then(step);
    this.#planned = planned.catch(() => undefined);
    return planned;
  }

  #learn(found: readonly PlannedTask[]): void {
    this.#graph.add(found);
    this.#options.recipes?.learn(found);
  }

  async #register(
    tasks: readonly PlannedTask[],
    seen: { readonly outputMissing?: true } = {},
  ): Promise<void> {
    if (tasks.length === 0) return;
    const { id: worker, scheduler, retry, specOf: toSpec = specOf } = this.#options;
    for (const { task } of tasks) {
      const { family } = classOf(task);
      const batching = batchingOf(classOf(task));
      if (batching === undefined || this.#batched.has(family)) continue;
      this.#batched.add(family);
      await scheduler.registerBatcher({ worker, family, ...batching });
    }
    await scheduler.addTasks({
      worker,
      tasks: tasks.map((planned) => ({ ...toSpec(planned, retry), ...seen })),
    });
    this.#looks.watch(tasks);
  }
}
