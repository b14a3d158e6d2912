import { Scheduler } from "@leat/scheduler";
import { expect, it } from "vitest";
import { TaskIndex } from "../src/task-index.ts";

const worker = "w";

/** A scheduler with three tasks of two families, of which the first is done, and an index that follows it. */
function openIndex() {
  const scheduler = new Scheduler();
  const tasks = [
    { taskId: "A", family: "F", status: "DONE" as const },
    { taskId: "B", family: "F" },
    { taskId: "C", family: "G" },
  ];
  scheduler.addTasks({ worker, tasks }, 0);
  const index = new TaskIndex(scheduler);
  const apply = (command: Parameters<Scheduler["apply"]>[0]) => {
    const { reply, events } = scheduler.apply(command, 0);
    index.applied({ sequence: 0, at: 0, command, reply, events, attempts: [], runs: [] });
  };
  return { index, apply };
}

it("leaves out no task that changes its status while all are gone through", () => {
  const { index, apply } = openIndex();
  const seen: string[] = [];
  for (const { taskId } of index.select()) {
    seen.push(taskId);
    // The groups by status that are behind get what was ahead.
    if (taskId === "A") apply({ type: "act", action: "markDone", taskIds: ["B", "C"] });
  }
  expect(seen).toEqual(["A", "B", "C"]);
});

it("finds tasks by status, by family, and by both", () => {
  const { index } = openIndex();
  const ids = (...filter: Parameters<TaskIndex["select"]>) =>
    Array.from(index.select(...filter), ({ taskId }) => taskId);
  expect(ids(["PENDING"])).toEqual(["B", "C"]);
  expect(ids(undefined, ["F"])).toEqual(["A", "B"]);
  expect(ids(["PENDING", "DONE"], ["F"])).toEqual(["B", "A"]);
  expect(ids(["RUNNING"])).toEqual([]);
});
