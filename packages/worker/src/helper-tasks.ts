import { messageOf, type Task, UsageError } from "@leat/core";
import type { Assignment } from "@leat/scheduler";
import type { PlannedTask } from "./plan.ts";
import type { TaskModule } from "./task-module.ts";
import { makeTask, type TaskRecipe, TaskRecipes } from "./task-recipe.ts";
import type { Recipes } from "./worker-options.ts";

/** Makes the tasks that others registered, of what some modules export. */
export class HelperTasks implements Recipes {
  readonly #modules = new Map<string, TaskModule>();
  /** Tasks that this worker was given or planned, by id. */
  readonly #tasks = new Map<string, Task>();

  /** @throws UsageError `TASK_AMBIGUOUS` when two modules export tasks of the same name */
  constructor(modules: readonly TaskModule[]) {
    for (const module of modules) {
      for (const family of module.classes.keys()) this.#add(family, module);
    }
  }

  /** Names of the tasks that it can make. */
  get families(): string[] {
    return [...this.#modules.keys()];
  }

  /** Makes the task of an assignment. Tells why it cannot; `undefined` when it can. */
  refusalOf(assignment: Assignment): string | undefined {
    try {
      this.#tasks.set(assignment.taskId, this.#make(assignment));
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** The task of an assignment that was not refused. */
  taskOf({ taskId }: Assignment): Task {
    return this.#tasks.get(taskId) as Task;
  }

  of(taskId: string): TaskRecipe | undefined {
    const task = this.#tasks.get(taskId);
    return task && this.ofOther(task);
  }

  ofOther(task: Task): TaskRecipe | undefined {
    const { family } = task.constructor as unknown as { readonly family: string };
    const module = this.#modules.get(family);
    return module && new TaskRecipes({ tasks: new Map() }, module).ofOther(task);
  }

  learn(tasks: readonly PlannedTask[]): void {
    for (const { task } of tasks) this.#tasks.set(task.id, task);
  }

  /** Forgets what it made: none of it runs any more. */
  clear(): void {
    this.#tasks.clear();
  }

  #add(family: string, module: TaskModule): void {
    const other = this.#modules.get(family);
    if (other !== undefined && other.classes.get(family) !== module.classes.get(family)) {
      const message = `Both ${other.url} and ${module.url} export a task ${family}. Give one of them a namespace or another name.`;
      throw new UsageError("TASK_AMBIGUOUS", message);
    }
    this.#modules.set(family, other ?? module);
  }

  #make({ taskId, family, params }: Assignment): Task {
    const module = this.#modules.get(family);
    if (module === undefined) throw new UsageError("TASK_NOT_FOUND", `No module here exports ${family}.`);
    return makeTask({ module: module.url, family, params, path: [], taskId }, module);
  }
}
