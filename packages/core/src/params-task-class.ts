import type { ParamType } from "./param.ts";
import { paramBuilder } from "./param-builder.ts";
import { type ConcreteTaskClass, Task } from "./task.ts";

const taskClassType: ParamType<ConcreteTaskClass> = {
  name: "taskClass",
  expects: "the family of a task, such as TopSongs",
  parse: (text, context) => context.taskClass(text),
  serialize: (value) => value.family,
  normalize(value) {
    if (typeof value !== "function" || !Task.isTask(value.prototype))
      throw new TypeError("it is not a task class");
    return value as unknown as ConcreteTaskClass;
  },
};

/** A task class; its text is its family. */
export const taskClass = paramBuilder(taskClassType);
