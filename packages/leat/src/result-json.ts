import { type ConcreteTaskClass, LeatError, type Task } from "@leat/core";
import type { RunResult } from "@leat/worker";

/** The facts of an execution summary for programs. Private parameters are left out. */
export function resultJson(result: RunResult): object {
  const { plan, outcomes, status, succeeded, exitCode, oneLineSummary } = result;
  const tasks = Array.from(plan.tasks.values(), ({ task, requires }) => {
    const { state, seconds, error } = outcomes.get(task.id);
    return {
      id: task.id,
      family: (task.constructor as unknown as ConcreteTaskClass).family,
      parameters: publicParams(task),
      state,
      requires,
      ...(seconds === undefined ? {} : { seconds }),
      ...(error === undefined ? {} : { error: errorJson(error) }),
    };
  });
  return { status, succeeded, exitCode, message: oneLineSummary, requested: plan.requested, tasks };
}

function publicParams(task: Task): Record<string, string> {
  const { params } = task.constructor as unknown as ConcreteTaskClass;
  const values = task as unknown as Readonly<Record<string, unknown>>;
  const shown = Object.entries(params).filter(([, param]) => param.visibility !== "private");
  return Object.fromEntries(shown.map(([name, param]) => [name, param.type.serialize(values[name])]));
}

function errorJson(error: Error): object {
  return { name: error.name, message: error.message, ...(LeatError.is(error) ? { code: error.code } : {}) };
}
