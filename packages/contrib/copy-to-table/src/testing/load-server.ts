import type { CopyToTable } from "../copy-to-table.ts";
import { type CrashLoad, crashLoad, type ProxiedWorkspace } from "./crash-loads.ts";
import { runTask } from "./load-workspace.ts";

/** How a load of a process ended: what it logged last, or the message of its error. */
export interface LoadReport {
  readonly table: string;
  readonly line: string;
}

/**
 * Runs the loads that the parent process sends, all of a message at the same time, and reports the end of each. For the main module
 * of a process that tests kill.
 */
export function serveLoads(makeLoad: ProxiedWorkspace["makeLoad"]): void {
  process.on("message", (loads: readonly CrashLoad[]) => {
    for (const load of loads) void serve(load, crashLoad({ makeLoad }, load));
  });
  process.send?.("ready");
}

async function serve({ table }: CrashLoad, task: CopyToTable): Promise<void> {
  const line = await runTask(task).then(
    (lines) => lines.at(-1) ?? "",
    (error: unknown) => String(error),
  );
  process.send?.({ table, line } satisfies LoadReport);
}
