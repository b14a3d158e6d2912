import { nameOf } from "@leat/worker";
import type { Program } from "./command.ts";
import { print } from "./output.ts";
import { dotPicture, mermaidPicture } from "./picture.ts";
import { PICTURE_FLAGS, pictureFormat } from "./plan-command.ts";
import { type TreeNode, treeText } from "./plan-tree.ts";
import { warnOf } from "./remarks.ts";
import { readTaskCommand, taskCommandFlags, type TaskCommandShape } from "./task-command.ts";
import { type GraphNode, type TaskGraph, taskGraph } from "./task-graph.ts";

const SHAPE: TaskCommandShape = { name: "tree", ownFlags: PICTURE_FLAGS };

/** `leat tree MODULE TASK`: the whole graph, also what complete tasks require. */
export const tree: Program = { flags: taskCommandFlags(SHAPE), execute };

async function execute(args: readonly string[]): Promise<number> {
  const command = await readTaskCommand(SHAPE, args);
  if (command === undefined) return 0;
  const format = pictureFormat(command.flags);
  warnOf(command.remarks);
  const graph = await taskGraph(command.task);
  if (format === "tree") print(`${treeText([command.task.id], (id) => treeNode(graph, id))}\n`);
  else if (format === "json") print(`${JSON.stringify(Array.from(graph.values(), asJson), null, 2)}\n`);
  else print(`${(format === "dot" ? dotPicture : mermaidPicture)(pictureNodes(graph))}\n`);
  return 0;
}

function treeNode(graph: TaskGraph, id: string): TreeNode {
  const node = graph.get(id) as GraphNode;
  return { text: `${nameOf(node.task)}: ${stateText(node)}`, requires: node.requires };
}

function stateText({ isComplete, error }: GraphNode): string {
  if (error !== undefined) return `broken: ${error}`;
  return isComplete ? "complete" : "pending";
}

function stateOf({ isComplete, error }: GraphNode): string {
  if (error !== undefined) return "broken";
  return isComplete ? "complete" : "pending";
}

function asJson(node: GraphNode) {
  const { task, requires, error } = node;
  return {
    id: task.id,
    task: String(task),
    state: stateOf(node),
    requires,
    ...(error !== undefined && { error }),
  };
}

function pictureNodes(graph: TaskGraph) {
  return Array.from(graph.values(), (node) => ({
    id: node.task.id,
    label: nameOf(node.task),
    kind: stateOf(node),
    requires: node.requires,
  }));
}
