import type { GraphNode, TaskStatus } from "../api/types.ts";
import { STATUSES } from "../words/statuses.ts";
import type { GraphModel } from "./model.ts";

/** What is drawn as one box: a task, or several tasks of a family. */
export type Box = TaskBox | GroupBox;

export interface TaskBox {
  readonly kind: "task";
  readonly id: string;
  readonly node: GraphNode;
}

export interface GroupBox {
  readonly kind: "group";
  readonly id: string;
  readonly family: string;
  readonly members: readonly GraphNode[];
  /** The state that needs a person most. */
  readonly status: TaskStatus | null;
}

export interface Link {
  /** Box of the requirement. */
  readonly from: string;
  readonly to: string;
}

export interface Folded {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

export interface FoldOptions {
  /** The task in the middle: always a box of its own. */
  readonly root: string;
  /** Whether families are drawn as one box. */
  readonly isFolded: boolean;
  /** Families whose tasks are drawn all the same. */
  readonly unfolded: ReadonlySet<string>;
}

/** Smaller families are drawn as they are. */
const LEAST_FOLDED = 4;

/** Most tasks of an unfolded family; the rest stays one box. */
const MOST_UNFOLDED = 40;

/** More tasks than this are folded unless the user says otherwise. */
export const MANY = 60;

/** Puts families into one box each, so that a graph of thousands of tasks can be looked at. */
export function fold(model: GraphModel, options: FoldOptions): Folded {
  const boxOf = new Map<string, string>();
  const boxes: Box[] = [];
  const draw = (node: GraphNode) => {
    boxOf.set(node.taskId, node.taskId);
    boxes.push({ kind: "task", id: node.taskId, node });
  };
  for (const [family, members] of familiesOf(model)) {
    const { shown, grouped } = split(family, members, options);
    for (const node of shown) draw(node);
    if (grouped.length === 0) continue;
    const id = `family:${family}`;
    for (const { taskId } of grouped) boxOf.set(taskId, id);
    boxes.push({ kind: "group", id, family, members: grouped, status: gravestOf(grouped) });
  }
  return { boxes, links: linksOf(model, boxOf) };
}

function familiesOf(model: GraphModel): Map<string, GraphNode[]> {
  const families = new Map<string, GraphNode[]>();
  for (const node of model.values()) {
    const members = families.get(node.family);
    if (members === undefined) families.set(node.family, [node]);
    else members.push(node);
  }
  return families;
}

function split(
  family: string,
  members: readonly GraphNode[],
  { root, isFolded, unfolded }: FoldOptions,
): { readonly shown: readonly GraphNode[]; readonly grouped: readonly GraphNode[] } {
  if (!isFolded || members.length < LEAST_FOLDED) return { shown: members, grouped: [] };
  const shown = members.filter(({ taskId }) => taskId === root);
  const others = members.filter(({ taskId }) => taskId !== root);
  if (!unfolded.has(family)) return { shown, grouped: others };
  const ranked = others.toSorted((a, b) => rankOf(a.status) - rankOf(b.status));
  return { shown: [...shown, ...ranked.slice(0, MOST_UNFOLDED)], grouped: ranked.slice(MOST_UNFOLDED) };
}

/** Lower needs a person more. */
function rankOf(status: TaskStatus | null): number {
  return status === null ? STATUSES.length : STATUSES.indexOf(status);
}

function gravestOf(members: readonly GraphNode[]): TaskStatus | null {
  return members.reduce<TaskStatus | null>(
    (gravest, { status }) => (rankOf(status) < rankOf(gravest) ? status : gravest),
    null,
  );
}

/** Each link once; none from a box to itself. */
function linksOf(model: GraphModel, boxOf: ReadonlyMap<string, string>): Link[] {
  const links = new Map<string, Link>();
  for (const { taskId, deps } of model.values()) {
    const to = boxOf.get(taskId) as string;
    for (const dep of deps) {
      const from = boxOf.get(dep);
      if (from !== undefined && from !== to) links.set(`${from}\n${to}`, { from, to });
    }
  }
  return [...links.values()];
}
