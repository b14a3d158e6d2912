import { nameOf, type Plan, type PlannedTask } from "@leat/worker";

/** Levels that are indented: a chain of thousands of tasks would be mostly indentation. */
const MAX_LEVELS = 40;

interface Line {
  readonly id: string;
  readonly prefix: string;
  readonly branch: string;
  readonly indent: string;
}

/** Each task with its requirements below it; one that was shown before is named without them. */
export function planTree(plan: Plan, reasonOf: (planned: PlannedTask) => string): string {
  const shown = new Set<string>();
  const lines: string[] = [];
  const pending: Line[] = plan.requested
    .map((id) => ({ id, prefix: "", branch: "", indent: "" }))
    .toReversed();
  for (let line = pending.pop(); line !== undefined; line = pending.pop()) {
    const planned = plan.tasks.get(line.id) as PlannedTask;
    const isRepeated = shown.has(line.id) && planned.requires.length > 0;
    const suffix = isRepeated ? " (see above)" : "";
    lines.push(`${line.prefix}${line.branch}${nameOf(planned.task)}: ${reasonOf(planned)}${suffix}`);
    if (!isRepeated) pushBranches(pending, planned.requires, line);
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
