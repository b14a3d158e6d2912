import type { Task } from "@leat/core";
import { condense } from "./condense.ts";
import { type RunStatus, statusOf, type Summary } from "./summary.ts";
import { classOf } from "./task-name.ts";

const TITLE = "===== Luigi Execution Summary =====";

const STATUS_TEXTS: Readonly<Record<RunStatus, string>> = {
  SUCCESS: ":) because there were no failed tasks or missing dependencies",
  SUCCESS_WITH_RETRY: ":) because there were failed tasks but they all succeeded in a retry",
  FAILED: ":( because there were failed tasks",
  FAILED_AND_SCHEDULING_FAILED: ":( because there were failed tasks and tasks whose scheduling failed",
  SCHEDULING_FAILED: ":( because there were tasks whose scheduling failed",
  NOT_RUN: ":| because there were tasks that were not granted run permission by the scheduler",
  MISSING_EXT: ":| because there were missing external dependencies",
};

/** `This progress looks :) because …`: the last line of Luigi's summary. */
export function oneLineSummary(summary: Summary): string {
  return `This progress looks ${STATUS_TEXTS[statusOf(summary)]}`;
}

/**
 * Luigi's execution summary, to the letter: scripts read it.
 *
 * @param maxLines task lines of a set, the rest is `...`; 0 means all
 */
export function summaryText(summary: Summary, maxLines = 5): string {
  return `\n${TITLE}\n\n${bodyLines(summary, maxLines).join("\n")}\n\n${TITLE}\n`;
}

function bodyLines(summary: Summary, maxLines: number): string[] {
  const ends = [summary.alreadyDone, summary.succeeded, summary.failed, summary.schedulingFailed];
  const left = summary.missingExternal.length + summary.pending.length;
  const total = ends.reduce((sum, tasks) => sum + tasks.length, left);
  if (total === 0) return ["Did not schedule any tasks"];
  const didRun = summary.succeeded.length + summary.failed.length > 0;
  return [
    `Scheduled ${total} tasks of which:`,
    ...setLines("* ", summary.alreadyDone, "complete ones were encountered:", maxLines),
    ...setLines("* ", summary.succeeded, "ran successfully:", maxLines),
    ...setLines("* ", summary.failed, "failed:", maxLines),
    ...setLines("* ", summary.schedulingFailed, "failed scheduling:", maxLines),
    ...(left > 0 ? [`* ${left} were left pending, among these:`, ...pendingLines(summary, maxLines)] : []),
    ...otherWorkerLines(summary.otherWorkers),
    // As Luigi: the other workers, when there are some, are followed by a blank line of their own.
    ...(didRun || summary.otherWorkers.size === 0 ? [""] : []),
    ...(didRun ? [] : ["Did not run any tasks"]),
    oneLineSummary(summary),
  ];
}

function pendingLines(summary: Summary, maxLines: number): string[] {
  const sets: [readonly Task[], string][] = [
    [summary.missingExternal, "were missing external dependencies:"],
    [summary.runByOtherWorker, "were being run by another worker:"],
    [summary.upstreamFailed, "had failed dependencies:"],
    [summary.upstreamMissing, "had missing dependencies:"],
    [summary.upstreamRunByOtherWorker, "had dependencies that were being run by other worker:"],
    [summary.upstreamSchedulingFailed, "had dependencies whose scheduling failed:"],
    [summary.notRun, "was not granted run permission by the scheduler:"],
  ];
  return sets.flatMap(([tasks, header]) => setLines("    * ", tasks, header, maxLines));
}

function setLines(bullet: string, tasks: readonly Task[], header: string, maxLines: number): string[] {
  if (tasks.length === 0) return [];
  const indent = " ".repeat(bullet.length + 2);
  const families = byFamily(tasks);
  const shown = maxLines > 0 ? families.slice(0, maxLines) : families;
  return [
    `${bullet}${tasks.length} ${header}`,
    ...shown.map((family) => `${indent}- ${family.length} ${condense(family)}`),
    ...(shown.length < families.length ? [`${indent}...`] : []),
  ];
}

/** Families in the order of their names, in each the tasks in the order of their texts. */
function byFamily(tasks: readonly Task[]): Task[][] {
  const families = new Map<string, Task[]>();
  for (const task of tasks) {
    const { family } = classOf(task);
    const members = families.get(family) ?? [];
    families.set(family, members);
    members.push(task);
  }
  const names = [...families.keys()].toSorted();
  return names.map((name) => sortedByText(families.get(name) as Task[]));
}

function sortedByText(tasks: readonly Task[]): Task[] {
  const texts = tasks.map((task) => ({ task, text: String(task) }));
  return texts.toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ task }) => task);
}

const SHOWN_WORKERS = 4;

function otherWorkerLines(workers: ReadonlyMap<string, number>): string[] {
  if (workers.size === 0) return [];
  const lines = [...workers].map(([id, count]) => `    - ${id} ran ${count} tasks`);
  // Luigi cuts the list from six workers on, and leaves out the blank line below when it does.
  if (lines.length <= SHOWN_WORKERS + 1) return ["", "The other workers were:", ...lines, ""];
  const hidden = lines.length - SHOWN_WORKERS;
  return ["", "The other workers were:", ...lines.slice(0, SHOWN_WORKERS), `    and ${hidden} other workers`];
}
