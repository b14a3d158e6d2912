import { type ConcreteTaskClass, flattenRequirements, Task, UsageError } from "@leat/core";
import type { Plan } from "./plan.ts";
import type { TaskRecipe } from "./runner.ts";
import type { TaskModule } from "./task-module.ts";

/**
 * Tells how another process can make a task of a plan: as an instance of an exported class, or else by way of the
 * requirements of the nearest dependant that is one.
 */
export function recipeFor(id: string, plan: Plan, module: TaskModule): TaskRecipe | undefined {
  const path: number[] = [];
  let planned = plan.tasks.get(id);
  while (planned !== undefined) {
    const { task, origin } = planned;
    const type = task.constructor as unknown as ConcreteTaskClass;
    if (module.classes.get(type.family) === type) {
      return {
        module: module.url,
        family: type.family,
        params: textsOf(task),
        path: path.toReversed(),
        taskId: id,
      };
    }
    if (origin === undefined) return undefined;
    path.push(origin.index);
    planned = plan.tasks.get(origin.from);
  }
  return undefined;
}

/** Makes the task that a recipe describes. @throws UsageError `TASK_NOT_PORTABLE` when another task comes out */
export function makeTask(recipe: TaskRecipe, module: TaskModule): Task {
  let task = taskFromTexts(module.get(recipe.family), recipe.params);
  for (const index of recipe.path) {
    const next: Task | undefined = flattenRequirements(task.requires(), task)[index];
    if (next === undefined) throw notPortable(recipe, `${task} has no requirement number ${index}`);
    task = next;
  }
  if (task.id !== recipe.taskId) throw notPortable(recipe, `${task.id} came out`);
  return task;
}

/** Makes a task from the texts of its parameters. @throws UsageError for texts that do not parse */
export function taskFromTexts(type: ConcreteTaskClass, texts: Readonly<Record<string, string>>): Task {
  const args: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(texts)) {
    const param = type.params[name];
    args[name] = param === undefined ? text : param.parse(text, `${type.family}.${name}`);
  }
  return new type(args);
}

function textsOf(task: Task): Record<string, string> {
  const { params } = task.constructor as unknown as ConcreteTaskClass;
  const values = task as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, param.type.serialize(values[name])]),
  );
}

function notPortable(recipe: TaskRecipe, found: string): UsageError {
  const message =
    `Cannot make ${recipe.taskId} again in another process: ${found}. ` +
    "Make requires() depend on parameters only, export the task's class from its module, or run it with the inline runner.";
  return new UsageError("TASK_NOT_PORTABLE", message);
}
