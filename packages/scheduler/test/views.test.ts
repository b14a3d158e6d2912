import { expect, it } from "vitest";
import { Lab } from "./support.ts";

it("shows times of retry and of the end of a disable only while there are any, so that JSON has no nulls", () => {
  const lab = new Lab({
    retryDelaySeconds: 100,
    retryCount: 2,
    disablePersistSeconds: 500,
    disableWindowSeconds: 1000,
  });
  const times = () => {
    const { retryAt, disabledUntil } = lab.scheduler.task("A") ?? {};
    const text = JSON.stringify(lab.scheduler.task("A"));
    return { retryAt, disabledUntil, hasNull: text.includes("null") };
  };
  const none = { retryAt: undefined, disabledUntil: undefined, hasNull: false };
  lab.at(5);
  lab.add("W", "A");
  expect(times()).toEqual(none);
  lab.take("W");
  lab.fail("W", "A");
  expect(times()).toEqual({ ...none, retryAt: 105_000 });
  lab.at(105, "W");
  expect(times()).toEqual(none);
  lab.take("W");
  lab.fail("W", "A");
  expect(times()).toEqual({ ...none, disabledUntil: 605_000 });
  lab.scheduler.reEnable({ taskId: "A" }, lab.now);
  expect(times()).toEqual({ ...none, retryAt: 205_000 });
});

it("a task that is only named as a requirement was changed last when it was named", () => {
  const lab = new Lab();
  lab.at(7);
  lab.add("W", { taskId: "A", deps: ["Named"] });
  expect(lab.scheduler.task("Named")).toMatchObject({ status: "UNKNOWN", createdAt: 7000, updatedAt: 7000 });
});

it("names a task by what its worker said, and nothing that is not there", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", family: "F", params: { a: "1" }, label: "the first" });
  expect(lab.scheduler.naming("A")).toEqual({ family: "F", params: { a: "1" }, label: "the first" });
  expect(lab.scheduler.naming("B")).toBeUndefined();
  expect(lab.scheduler.task("B")).toBeUndefined();
});

it("knows the tokens of all attempts that were ever begun, and no others", () => {
  const lab = new Lab({ epoch: "e-1" });
  expect(lab.scheduler.wasBegun("e-1-1")).toBe(false);
  lab.add("W", "A", "B");
  lab.take("W");
  lab.done("W", "A");
  lab.take("W");
  const known = ["e-1-1", "e-1-2"];
  const unknown = [
    "e-1-0",
    "e-1-3",
    "e-1-01",
    "e-1-1.0",
    "e-1-+1",
    "e-1- 1",
    "e-1-",
    "1",
    "-1",
    "",
    "e-2-1",
    "e-1",
  ];
  expect(known.filter((token) => lab.scheduler.wasBegun(token))).toEqual(known);
  expect(unknown.filter((token) => lab.scheduler.wasBegun(token))).toEqual([]);
});
