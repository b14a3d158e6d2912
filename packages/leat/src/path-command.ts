import { flattenOutputs } from "@leat/core";
import { classOf, nameOf } from "@leat/worker";
import type { Program } from "./command.ts";
import { type Flag, switchFlag } from "./flags.ts";
import { notInGraph } from "./forced-tasks.ts";
import { print } from "./output.ts";
import { warnOf } from "./remarks.ts";
import { readTaskCommand, taskCommandFlags, type TaskCommandShape } from "./task-command.ts";
import { type GraphNode, taskGraph, withDependants } from "./task-graph.ts";

const FLAGS: readonly Flag[] = [{ name: "json", description: "Print JSON instead of text." }];

const SHAPE: TaskCommandShape = { name: "path", more: "TO", ownFlags: FLAGS };

/** `leat path MODULE FROM TO`: the tasks on all ways from a task to those of a name that it depends on. */
export const path: Program = { flags: taskCommandFlags(SHAPE), execute };

async function execute(args: readonly string[]): Promise<number> {
  const command = await readTaskCommand(SHAPE, args);
  if (command === undefined) return 0;
  const { task, more = "", flags } = command;
  warnOf(command.remarks);
  const graph = await taskGraph(task);
  const ends = [...graph].filter(([, node]) => classOf(node.task).family === more);
  if (ends.length === 0) throw notInGraph(graph, more, "TO");
  const ids = withDependants(
    graph,
    ends.map(([id]) => id),
  );
  const nodes = [...graph].flatMap(([id, node]) => (ids.has(id) ? [node] : []));
  print(
    switchFlag(flags, "json")
      ? `${JSON.stringify(nodes.map(asJson), null, 2)}\n`
      : nodes.map(asText).join(""),
  );
  return 0;
}

function outputsOf({ task }: GraphNode): string[] {
  return flattenOutputs(task.output(), task).map(String);
}

function asText(node: GraphNode): string {
  return [nameOf(node.task), ...outputsOf(node).map((output) => `  ${output}`)].join("\n") + "\n";
}

function asJson(node: GraphNode) {
  const { task, requires } = node;
  return { id: task.id, task: String(task), requires, outputs: outputsOf(node) };
}
