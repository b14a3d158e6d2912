import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { RetryPolicy } from "@leat/core";
import type { ParamVisibility, TaskSpec } from "@leat/scheduler";
import type { PlannedTask } from "./plan.ts";
import { classOf } from "./task-name.ts";
import { specOf } from "./task-spec.ts";

/** The path of a module as somebody in this folder would write it: it is for people. */
function asWritten(module: string): string {
  if (!module.startsWith("file:")) return module;
  const path = fileURLToPath(module);
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

/**
 * A task of a plan as a shared scheduler is told of it: with all by which people and other workers know it. Private parameters
 * stay here, and nothing tells that there are any.
 */
export function sharedSpecOf(
  planned: PlannedTask,
  module: string | undefined,
  retry?: RetryPolicy,
): TaskSpec {
  const { family, params } = classOf(planned.task);
  const values = planned.task as unknown as Readonly<Record<string, unknown>>;
  const texts: Record<string, string> = {};
  const visibilities: Record<string, ParamVisibility> = {};
  for (const [name, { type, visibility }] of Object.entries(params)) {
    if (visibility === "private") continue;
    texts[name] = type.serialize(values[name]);
    if (visibility === "hidden") visibilities[name] = 1;
  }
  return {
    ...specOf(planned, retry),
    family,
    params: texts,
    ...(module === undefined ? {} : { module: asWritten(module) }),
    ...(Object.keys(visibilities).length === 0 ? {} : { paramVisibilities: visibilities }),
  };
}
