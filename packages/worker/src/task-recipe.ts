import { flattenRequirements, type Task, UsageError } from "@leat/core";
import type { Plan, PlannedTask } from "./plan.ts";
import type { TaskModule } from "./task-module.ts";
import { classOf, nameOf } from "./task-name.ts";

/** How to make a task in another process: a class that a module exports, its parameters, and a way through requirements. */
export interface TaskRecipe {
  /** URL of the module. */
  readonly module: string;
  readonly family: string;
  /** Every parameter as text, private ones included: it goes to processes of this worker only. */
  readonly params: Readonly<Record<string, string>>;
  /** From the task so made, the ids of the requirements to follow; empty when it is the task itself. */
  readonly path: readonly string[];
  /** Id that the task must have in the end. */
  readonly taskId: string;
}

/** Tells how other processes can make the tasks of a plan from what a module exports. */
export class TaskRecipes {
  readonly #graph: Pick<Plan, "tasks">;
  readonly #module: TaskModule;
  /** For each task whose class is not exported, a dependant by way of which it can be made. */
  readonly #dependants = new Map<string, string>();

  /** @param graph the tasks of the run, in an order in which requirements come before what requires them; it may grow */
  constructor(graph: Pick<Plan, "tasks">, module: TaskModule) {
    this.#graph = graph;
    this.#module = module;
    this.learn([...graph.tasks.values()]);
  }

  /** Finds out how tasks can be made that have come to those of the run, in the order of the constructor. */
  learn(tasks: readonly PlannedTask[]): void {
    // Dependants before what they require, so that it is known of each whether it can be made.
    for (const { task, requires } of tasks.toReversed()) {
      if (!isExported(task, this.#module) && !this.#dependants.has(task.id)) continue;
      for (const required of requires) this.#dependants.set(required, task.id);
    }
  }

  /** `undefined` for a task that only this process can make: its class and those of its dependants are not exported. */
  of(taskId: string): TaskRecipe | undefined {
    const path: string[] = [];
    for (let id: string | undefined = taskId; id !== undefined; id = this.#dependants.get(id)) {
      const { task } = this.#graph.tasks.get(id) as PlannedTask;
      if (isExported(task, this.#module)) return recipeBy(task, this.#module, path.toReversed(), taskId);
      path.push(id);
    }
    return undefined;
  }

  /** How to make a task that is in no plan: the combined one of a batch. `undefined` when its class is not exported. */
  ofOther(task: Task): TaskRecipe | undefined {
    return isExported(task, this.#module) ? recipeBy(task, this.#module, [], task.id) : undefined;
  }
}

/**
 * How to make a task that a running one asks for.
 *
 * @throws UsageError `TASK_NOT_PORTABLE` when the module does not export its class
 */
export function recipeOfNeeded(task: Task, module: TaskModule): TaskRecipe {
  if (isExported(task, module)) return recipeBy(task, module, [], task.id);
  const message =
    `${nameOf(task)} cannot be asked for by need() from another process: its class is not exported. ` +
    "Export it from the module that is run, or use the inline runner.";
  throw new UsageError("TASK_NOT_PORTABLE", message);
}

function isExported(task: Task, { classes }: TaskModule): boolean {
  return classes.get(classOf(task).family) === classOf(task);
}

function recipeBy(task: Task, { url }: TaskModule, path: readonly string[], taskId: string): TaskRecipe {
  return { module: url, family: classOf(task).family, params: textsOf(task), path, taskId };
}

/** Makes the task that a recipe describes. @throws UsageError `TASK_NOT_PORTABLE` when another task comes out */
export function makeTask(recipe: TaskRecipe, module: TaskModule): Task {
  let task = taskFromTexts(module, recipe.family, recipe.params);
  for (const id of recipe.path) {
    const next = flattenRequirements(task.requires(), task).find((required) => required.id === id);
    if (next === undefined) throw notPortable(recipe, `there, ${nameOf(task)} does not require it`);
    task = next;
  }
  if (task.id !== recipe.taskId)
    throw notPortable(recipe, `from the texts of its parameters, ${task.id} is made`);
  return task;
}

/**
 * Makes a task of a module from the texts of its parameters.
 *
 * @throws UsageError `TASK_NOT_FOUND`, and what parameters say of texts that they do not accept
 */
export function taskFromTexts(
  module: TaskModule,
  family: string,
  texts: Readonly<Record<string, string>>,
): Task {
  const type = module.get(family);
  // A parameter that names a task finds it in the same module.
  const context = { taskClass: (named: string) => module.get(named) };
  const args: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(texts)) {
    const param = type.params[name];
    args[name] = param === undefined ? text : param.parse(text, `${family}.${name}`, context);
  }
  return new type(args);
}

function textsOf(task: Task): Record<string, string> {
  const { params } = classOf(task);
  const values = task as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, param.type.serialize(values[name])]),
  );
}

function notPortable({ taskId }: TaskRecipe, reason: string): UsageError {
  const message =
    `Cannot make ${taskId} in another process: ${reason}. ` +
    "Make requires() depend on parameters only, export the task's class from its module, or run it with the inline runner.";
  return new UsageError("TASK_NOT_PORTABLE", message);
}
