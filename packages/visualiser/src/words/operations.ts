import { ACTIONS } from "../actions/actions.ts";
import type { Operation, TaskAction } from "../api/types.ts";

type Settings = Readonly<Record<string, unknown>>;

/** What operators can do beside acting on tasks, as leatd names it. */
const COMMANDS: ReadonlyMap<string, (settings: Settings) => string> = new Map([
  ["setPaused", ({ paused }) => (paused === true ? "Paused the scheduler" : "Resumed the scheduler")],
  ["setWorkerPaused", ({ worker, paused }) => `${paused === true ? "Paused" : "Resumed"} worker ${worker}`],
  ["disableWorker", ({ worker }) => `Drained worker ${worker}`],
  ["setWorkerProcesses", ({ worker, processes }) => `Set worker ${worker} to ${processes} processes`],
  ["setResource", ({ resource, limit }) => `Set the limit of ${resource} to ${limit}`],
] satisfies [string, (settings: Settings) => string][]);

/** Says what an operator did. */
export function operationText({ name, settings = {} }: Pick<Operation, "name" | "settings">): string {
  if (Object.hasOwn(ACTIONS, name)) return ACTIONS[name as TaskAction].name;
  return COMMANDS.get(name)?.(settings) ?? name;
}
