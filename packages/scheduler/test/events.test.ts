import { expect, it } from "vitest";
import type { Command } from "../src/index.ts";
import { Lab } from "./support.ts";

const eventsOf = (lab: Lab, command: Command) => lab.scheduler.apply(command, lab.now).events;

it("gives the events of a command to its caller, and later ones to nobody before", () => {
  const lab = new Lab();
  const events = eventsOf(lab, { type: "addTasks", worker: "W", tasks: [{ taskId: "A" }] });
  const then = [...events];
  lab.add("W", "B");
  expect(events).toEqual(then);
  expect(events).toHaveLength(2);
});

it("tells of a command that is refused nothing, and of the next one only its own", () => {
  const lab = new Lab();
  expect(() => eventsOf(lab, { type: "addTasks", worker: "", tasks: [] })).toThrow("worker");
  expect(eventsOf(lab, { type: "setPaused", paused: true })).toHaveLength(1);
});

it("tells of progress only what there is of it", () => {
  const lab = new Lab();
  lab.add("W", "A");
  lab.take("W");
  const update = { type: "updateRun", worker: "W", taskId: "A", token: lab.tokenOf("W", "A") } as const;
  expect(eventsOf(lab, { ...update, progressPercentage: 0 })).toEqual([
    { type: "task:progress", at: 0, taskId: "A", progressPercentage: 0 },
  ]);
  expect(eventsOf(lab, { ...update, decreaseResources: {} })).toEqual([]);
  expect(eventsOf(lab, update)).toEqual([]);
});

it("tells once that a worker was disabled, however often it is", () => {
  const lab = new Lab();
  lab.register("W");
  const disable = { type: "disableWorker", worker: "W" } as const;
  expect(eventsOf(lab, disable)).toEqual([{ type: "worker:disabled", at: 0, worker: "W" }]);
  expect(eventsOf(lab, disable)).toEqual([]);
});
