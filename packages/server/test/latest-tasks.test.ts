import { randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { type Command, Scheduler } from "@leat/scheduler";
import { expect, it } from "vitest";
import { TaskIndex } from "../src/task-index.ts";
import { listTasks, type TaskPage } from "../src/task-list.ts";

const worker = "w";
const LIMIT = 7;

/** A scheduler, and an index that follows it. */
function open() {
  const scheduler = new Scheduler();
  let index = new TaskIndex(scheduler);
  const apply = (command: Command, at: number) => {
    const { reply, events } = scheduler.apply(command, at);
    index.applied({ sequence: 0, at, command, reply, events, attempts: [], runs: [] });
  };
  const page = (descending: boolean, cursor?: string): Promise<TaskPage> =>
    listTasks(scheduler, index, { search: [], sort: "updated", descending, limit: LIMIT, cursor });
  const restart = () => (index = new TaskIndex(scheduler));
  return { scheduler, apply, page, restart };
}

/** Ids of all tasks by their last change, by sorting all of them. */
function sorted(scheduler: Scheduler, descending: boolean): string[] {
  const tasks = [...scheduler.tasks()].map(({ taskId, updatedAt }, order) => ({ taskId, updatedAt, order }));
  const inOrder = tasks.sort((a, b) => a.updatedAt - b.updatedAt || a.order - b.order);
  return (descending ? inOrder.toReversed() : inOrder).map(({ taskId }) => taskId);
}

const idsOf = ({ tasks }: TaskPage) => tasks.map(({ taskId }) => taskId);

it("shows the latest or the oldest changes first, whatever happens to the tasks", async () => {
  const random = randomOf(seedOf());
  const { scheduler, apply, page, restart } = open();
  for (let step = 0; step < 300; step++) {
    const taskId = `T${Math.floor(random() * 40)}`;
    // Often several changes have the same time.
    const at = Math.floor(step / 4);
    if (random() < 0.5) apply({ type: "addTasks", worker, tasks: [{ taskId }] }, at);
    else apply({ type: "act", action: "markDone", taskIds: [taskId] }, at);
    if (step % 100 === 99) restart();
    for (const descending of [true, false]) {
      const all = sorted(scheduler, descending);
      const { total, ...shown } = await page(descending);
      expect(idsOf({ total, ...shown })).toEqual(all.slice(0, LIMIT));
      expect(total).toBe(all.length);
    }
  }
});

it("goes on from the first page to the others, and leaves out and repeats no task", async () => {
  const { scheduler, apply, page } = open();
  const tasks = Array.from({ length: 30 }, (_, n) => ({ taskId: `T${n}` }));
  apply({ type: "addTasks", worker, tasks }, 1);
  apply({ type: "act", action: "markDone", taskIds: ["T3", "T20"] }, 2);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const shown = await page(true, cursor);
    seen.push(...idsOf(shown));
    cursor = shown.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(sorted(scheduler, true));
});

it("forgets tasks that the scheduler forgets", async () => {
  const { apply, page } = open();
  apply({ type: "addTasks", worker, tasks: [{ taskId: "A" }, { taskId: "B" }] }, 0);
  const later = 365 * 86_400_000;
  apply({ type: "tick" }, later);
  apply({ type: "addTasks", worker, tasks: [{ taskId: "C" }] }, later);
  expect(idsOf(await page(true))).toEqual(["C"]);
});
