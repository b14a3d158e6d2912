import { flattenRequirements, type Task, TaskError, WrapperTask } from "@leat/core";
import type { Attempt } from "./attempt.ts";
import type { AttemptServices } from "./attempt-starter.ts";
import { findComplete } from "./find-complete.ts";
import { unmetNeed } from "./need-errors.ts";
import { isVerifiable } from "./own-rule.ts";
import type { Registrar } from "./registrar.ts";
import type { RunGraph } from "./run-graph.ts";
import { nameOf } from "./task-name.ts";
import type { WorkerOptions } from "./worker-options.ts";

interface RequirementChecksOptions {
  readonly graph: RunGraph;
  /** How often what one task makes is made again. */
  readonly maxReschedules: number;
  /** Plans tasks that were complete, and what they require, and registers them again. */
  readonly planAgain: (tasks: readonly Task[]) => Promise<void>;
}

/** Looks as the options say before each attempt; `undefined` when they say nothing of it. */
export function verificationBy(
  { checkRequirements = false, maxReschedules = 1 }: WorkerOptions,
  graph: RunGraph,
  registrar: Registrar,
): AttemptServices["verify"] {
  if (!checkRequirements) return undefined;
  const planAgain = (tasks: readonly Task[]) => registrar.planAgain(tasks);
  const checks = new RequirementChecks({ graph, maxReschedules, planAgain });
  return (attempt) => checks.verify(attempt);
}

/** A task whose output was gone. */
interface Gone {
  readonly times: number;
  /** When that was seen last. */
  readonly seenAt: number;
  /** Resolves when the scheduler knows. */
  readonly registered: Promise<void>;
}

/**
 * Looks, right before an attempt begins, whether all that its task requires is still there. What is gone is made again first,
 * and the attempt is left pending until it is.
 */
class RequirementChecks {
  readonly #options: RequirementChecksOptions;
  readonly #gone = new Map<string, Gone>();
  /** Counts what happens, to tell what was before what. */
  #now = 0;

  constructor(options: RequirementChecksOptions) {
    this.#options = options;
  }

  /** @throws TaskError `TASK_NEED_UNMET` for what is made again, `TASK_REQUIREMENT_MISSING` for what is not */
  async verify({ task, members }: Attempt): Promise<true> {
    const begunAt = ++this.#now;
    const gone = await this.#goneOf(members);
    if (gone.length === 0) return true;
    // Another attempt may have seen to it while this one looked.
    const isSeenTo = ({ id }: Task) => (this.#gone.get(id)?.seenAt ?? 0) > begunAt;
    this.#makeAgain(
      task,
      gone.filter((each) => !isSeenTo(each)),
    );
    await Promise.all(gone.map(({ id }) => (this.#gone.get(id) as Gone).registered));
    for (const member of members) this.#waitFor(member, gone);
    throw unmetNeed(
      task,
      gone.map((each) => ({ task: each, reason: "is gone, and made again" })),
    );
  }

  async #goneOf(members: readonly Task[]): Promise<Task[]> {
    const required = [...requirementsOf(members)].filter(isVerifiable);
    const complete = await findComplete(required, (_, error) => {
      throw error;
    });
    return required.filter((each) => !complete.has(each));
  }

  #makeAgain(owner: Task, gone: readonly Task[]): void {
    const { maxReschedules, planAgain } = this.#options;
    const spent = gone.filter(({ id }) => (this.#gone.get(id)?.times ?? 0) >= maxReschedules);
    if (spent.length > 0) throw missingRequirement(owner, spent, maxReschedules);
    if (gone.length === 0) return;
    const registered = planAgain(gone);
    const seenAt = ++this.#now;
    for (const { id } of gone) {
      this.#gone.set(id, { times: (this.#gone.get(id)?.times ?? 0) + 1, seenAt, registered });
    }
  }

  /** What stands behind a wrapper, or behind a task that another worker planned, is not known to be required. */
  #waitFor(member: Task, gone: readonly Task[]): void {
    const { graph } = this.#options;
    const known = new Set(graph.requirementsOf(member.id));
    const unknown = gone.map(({ id }) => id).filter((id) => !known.has(id));
    if (unknown.length > 0) graph.addNeeds(member.id, unknown);
  }
}

/** What the tasks require, with what stands behind a wrapper in its place. */
function requirementsOf(tasks: readonly Task[]): Iterable<Task> {
  const found = new Map<string, Task>();
  const open = [...tasks];
  const seen = new Set<string>();
  for (let owner = open.pop(); owner !== undefined; owner = open.pop()) {
    for (const task of flattenRequirements(owner.requires(), owner)) {
      if (seen.has(task.id)) continue;
      seen.add(task.id);
      if (WrapperTask.isPlain(task)) open.push(task);
      else found.set(task.id, task);
    }
  }
  return found.values();
}

function missingRequirement(owner: Task, gone: readonly Task[], times: number): TaskError {
  const names = gone.map(nameOf).join(", ");
  const made = times === 0 ? "" : `, after being made again ${times === 1 ? "once" : `${times} times`}`;
  const message =
    `${nameOf(owner)} did not begin: what it requires was complete and is gone${made}: ${names}. ` +
    "See what removes it, or raise maxReschedules.";
  return new TaskError("TASK_REQUIREMENT_MISSING", owner.id, message);
}
