import type { PlanOptions } from "@leat/worker";
import { type Flag, switchFlag } from "./flags.ts";
import type { TaskCommand } from "./task-command.ts";

export const FORCE_FLAGS: readonly Flag[] = [
  {
    name: "force",
    placeholder: "TASK,…",
    description: "Run tasks of these names again, and what depends on them, though they are complete.",
  },
  { name: "force-upstream", description: "Run the task and all that it requires again." },
];

/** Which tasks the flags force. @throws UsageError `FLAG_INVALID` for a name that the graph does not have */
export async function forced({ task, flags }: TaskCommand): Promise<Pick<PlanOptions, "isForced">> {
  const families = flags.values.get("force")?.split(",");
  const isUpstream = switchFlag(flags, "force-upstream");
  if (families === undefined && !isUpstream) return {};
  // Loaded when it is asked for: each module takes time to load.
  const { forcedTasks } = await import("./forced-tasks.ts");
  const ids = await forcedTasks(task, isUpstream ? "all" : (families ?? []));
  return { isForced: ({ id }) => ids.has(id) };
}
