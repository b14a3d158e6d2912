import { type ConcreteTaskClass, LeatError, UsageError } from "@leat/core";
import { nearNames, notFoundMessage, type TaskModule } from "@leat/worker";

/** The module, to which the tasks that come with Leat belong as well: ranges. Its own hide those of the same name. */
export async function withBuiltIns(module: TaskModule): Promise<TaskModule> {
  // Loaded when a module does not have the task that is asked for: most command lines need none.
  const { RANGE_TASKS } = await import("@leat/range");
  const builtIns = new Map(RANGE_TASKS.map((type) => [type.family, type]));
  return {
    url: module.url,
    classes: new Map([...builtIns, ...module.classes]),
    get: (family) => getFrom(module, builtIns, family),
  };
}

function getFrom(
  module: TaskModule,
  builtIns: ReadonlyMap<string, ConcreteTaskClass>,
  family: string,
): ConcreteTaskClass {
  try {
    return module.get(family);
  } catch (error) {
    if (!LeatError.is(error) || error.code !== "TASK_NOT_FOUND") throw error;
    const builtIn = builtIns.get(family);
    if (builtIn !== undefined) return builtIn;
    const names = [...builtIns.keys()];
    if (nearNames(family, names).length === 0) throw error;
    throw new UsageError(
      "TASK_NOT_FOUND",
      notFoundMessage("task", family, [...module.classes.keys(), ...names]),
    );
  }
}
