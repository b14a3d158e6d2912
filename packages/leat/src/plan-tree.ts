import { nameOf, type Plan, type PlannedTask } from "@leat/worker";

/** Levels that are indented: a chain of thousands of tasks would be mostly indentation. */
const MAX_LEVELS = 40;

/** What a tree shows of a task. */
export interface TreeNode {
  readonly text: string;
  /** Ids of what stands below it. */
  readonly requires: readonly string[];
}

interface Line {
  readonly id: string;
  readonly prefix: string;
  readonly branch: string;
  readonly indent: string;
}

/** Each task of a plan, and what becomes of it, with its requirements below it. */
export function planTree(plan: Plan, reasonOf: (planned: PlannedTask) => string): string {
  return treeText(plan.requested, (id) => {
    const planned = plan.tasks.get(id) as PlannedTask;
    return { text: `${nameOf(planned.task)}: ${reasonOf(planned)}`, requires: planned.requires };
  });
}

/** Each node with its requirements below it; one that was shown before is named without them. */
export function treeText(roots: readonly string[], nodeOf: (id: string) => TreeNode): string {
  const shown = new Set<string>();
  const lines: string[] = [];
  const pending: Line[] = roots.map((id) => ({ id, prefix: "", branch: "", indent: "" })).toReversed();
  for (let line = pending.pop(); line !== undefined; line = pending.pop()) {
    const { text, requires } = nodeOf(line.id);
    const isRepeated = shown.has(line.id) && requires.length > 0;
    lines.push(`${line.prefix}${line.branch}${text}${isRepeated ? " (see above)" : ""}`);
    if (!isRepeated) pushBranches(pending, requires, line);
    shown.add(line.id);
  }
  return lines.join("\n");
}

/** Puts the lines of requirements on the stack, the first one on top. */
function pushBranches(pending: Line[], ids: readonly string[], { prefix, indent }: Line): void {
  const isDeep = prefix.length >= MAX_LEVELS * indent.length && indent !== "";
  const below = isDeep ? prefix : prefix + indent;
  for (const [index, id] of [...ids.entries()].toReversed()) {
    const isLast = index === ids.length - 1;
    pending.push({ id, prefix: below, branch: isLast ? "└─ " : "├─ ", indent: isLast ? "   " : "│  " });
  }
}
