import { LeatError, type Task } from "@leat/core";
import { classOf, type RunResult, type Summary } from "@leat/worker";

/** The facts of an execution summary for programs, with public parameters only. */
export function resultJson(result: RunResult): object {
  const { plan, outcomes, status, succeeded, exitCode, oneLineSummary } = result;
  const tasks = Array.from(plan.tasks.values(), ({ task, requires }) => {
    const { state, seconds, error } = outcomes.get(task.id);
    return {
      id: task.id,
      family: classOf(task).family,
      parameters: publicParams(task),
      state,
      requires,
      ...(seconds === undefined ? {} : { seconds }),
      ...(error === undefined ? {} : { error: errorJson(error) }),
    };
  });
  return {
    status,
    succeeded,
    exitCode,
    message: oneLineSummary,
    summary: summaryJson(result.summary),
    requested: plan.requested,
    tasks,
  };
}

/** What the text says line by line: each set with its tasks, by id. */
function summaryJson({ everFailed, otherWorkers, ...sets }: Summary): object {
  const { alreadyDone, succeeded, failed, schedulingFailed, missingExternal, pending } = sets;
  const scheduled = [alreadyDone, succeeded, failed, schedulingFailed, missingExternal, pending].flat()
    .length;
  const named = Object.entries(sets).map(([name, tasks]) => [
    name,
    { count: tasks.length, tasks: tasks.map(({ id }) => id) },
  ]);
  return {
    scheduled,
    everFailed,
    sets: Object.fromEntries(named),
    otherWorkers: Object.fromEntries(otherWorkers),
  };
}

function publicParams(task: Task): Record<string, string> {
  const { params } = classOf(task);
  const values = task as unknown as Readonly<Record<string, unknown>>;
  const shown = Object.entries(params).filter(([, param]) => param.visibility === "public");
  return Object.fromEntries(shown.map(([name, param]) => [name, param.type.serialize(values[name])]));
}

function errorJson(error: Error): object {
  return { name: error.name, message: error.message, ...(LeatError.is(error) ? { code: error.code } : {}) };
}
