import { TaskError } from "./errors.ts";
import { flattenRequirements, mapRequirements } from "./requirements.ts";
import type { Logger, RunContext } from "./run-context.ts";
import type { InputOf, Requirements } from "./task-types.ts";
import type { Task } from "./task.ts";

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * A context for `run` without a worker, as in a test: it says nothing, is never aborted, and `need()` gives the outputs of tasks
 * that are complete and rejects with `TASK_NEED_UNMET` for others. `overrides` take the place of its members.
 *
 * @param task the one that is run
 */
export function standaloneContext(task: Task, overrides: Partial<RunContext> = {}): RunContext {
  return {
    signal: new AbortController().signal,
    log: silent,
    token: "standalone",
    progress: () => undefined,
    status: () => undefined,
    trackingUrl: () => undefined,
    releaseResources: () => undefined,
    need: (requirements) => needComplete(requirements, task),
    onMessage: () => undefined,
    emit: () => undefined,
    ...overrides,
  };
}

async function needComplete<R extends Requirements>(requirements: R, owner: Task): Promise<InputOf<R>> {
  for (const task of flattenRequirements(requirements, owner)) {
    if (await task.complete()) continue;
    const message = `${owner} needs ${task}, which is not complete, and no worker is here that could run it. Run it before.`;
    throw new TaskError("TASK_NEED_UNMET", owner.id, message);
  }
  return mapRequirements(requirements, (task) => task.output()) as InputOf<R>;
}
