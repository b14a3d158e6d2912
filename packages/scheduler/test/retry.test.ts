import { describe, expect, it } from "vitest";
import { Lab } from "./support.ts";

/** The worker runs A and fails, this often, without waiting for the retry. */
function failTimes(lab: Lab, times: number): void {
  for (let count = 0; count < times; count++) {
    lab.add("W", "A");
    lab.take("W");
    lab.fail("W", "A");
  }
}

describe("a failed task", () => {
  it("is handed out again after the retry delay, not before", () => {
    const lab = new Lab();
    failTimes(lab, 1);
    lab.at(99, "W");
    expect(lab.take("W")).toBeNull();
    lab.at(100, "W");
    expect(lab.take("W")).toBe("A");
  });

  it("becomes PENDING at its own time, however late somebody looks", () => {
    const lab = new Lab({ workerTimeoutSeconds: 10_000 });
    failTimes(lab, 1);
    lab.scheduler.tick(5_000_000);
    expect(lab.scheduler.task("A")).toMatchObject({ status: "PENDING", updatedAt: 100_000 });
  });

  it("with a retry delay of 0 is PENDING after the report, also when the clock went back", () => {
    const lab = new Lab({ retryDelaySeconds: 0 });
    lab.at(5);
    lab.add("W", "A", "B");
    lab.work("W", { slots: 2 });
    lab.fail("W", "A");
    lab.seconds = 2;
    lab.fail("W", "B");
    expect(lab.ids("PENDING")).toEqual(["A", "B"]);
    expect(lab.scheduler.task("B")?.updatedAt).toBe(5000);
  });

  it("is ready at once when a worker registers it again", () => {
    const lab = new Lab();
    failTimes(lab, 1);
    lab.add("W", "A");
    expect(lab.take("W")).toBe("A");
  });

  it("waits longer after each failure, up to a limit", () => {
    const lab = new Lab({
      retryBackoff: 2,
      retryCount: 9,
      disableWindowSeconds: 9999,
      maxRetryDelaySeconds: 300,
    });
    const waits = [1, 2, 3, 4].map(() => {
      lab.add("W", "A");
      lab.take("W");
      return lab.fail("W", "A").retryAt;
    });
    expect(waits).toEqual([100_000, 200_000, 300_000, 300_000]);
  });

  it("is never retried with a negative delay", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", retry: { retryDelaySeconds: -1 } });
    lab.take("W");
    lab.fail("W", "A");
    lab.at(5000, "W");
    expect(lab.status("A")).toBe("FAILED");
  });

  it("remembers what broke", () => {
    const lab = new Lab();
    failTimes(lab, 1);
    expect(lab.scheduler.task("A")).toMatchObject({ explanation: "A broke", failures: 1, firstFailureAt: 0 });
  });
});

describe("a task that fails too often", () => {
  it("is disabled, and registering it again does not help", () => {
    const lab = new Lab();
    failTimes(lab, 3);
    expect(lab.ids("DISABLED")).toEqual(["A"]);
    lab.add("W", "A");
    expect(lab.status("A")).toBe("DISABLED");
    expect(lab.take("W")).toBeNull();
  });

  it("is disabled by failures outside attempts, too", () => {
    const lab = new Lab();
    for (let count = 0; count < 3; count++) lab.add("W", { taskId: "A", status: "FAILED" });
    expect(lab.status("A")).toBe("DISABLED");
  });

  it("is not disabled by failures that are older than the window", () => {
    const lab = new Lab();
    failTimes(lab, 2);
    lab.at(11, "W");
    failTimes(lab, 1);
    expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 1, firstFailureAt: 0 });
  });

  it("is FAILED again with a clean record when the disable ends, and then retried", () => {
    const lab = new Lab({ retryCount: 2, disablePersistSeconds: 100 });
    failTimes(lab, 2);
    lab.at(99, "W");
    expect(lab.status("A")).toBe("DISABLED");
    lab.at(101, "W");
    expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 0, retryAt: 200_000 });
    lab.at(200, "W");
    expect(lab.take("W")).toBe("A");
  });

  it("is disabled by its own policy, given with the very report that counts", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", status: "FAILED", retry: { retryCount: 1 } });
    expect(lab.status("A")).toBe("DISABLED");
  });

  it("is disabled by a failure long after the first one", () => {
    const lab = new Lab({ disableHardTimeoutSeconds: 3600, retryCount: 99 });
    failTimes(lab, 1);
    lab.at(3599, "W");
    failTimes(lab, 1);
    expect(lab.status("A")).toBe("FAILED");
    lab.at(3600, "W");
    failTimes(lab, 1);
    expect(lab.status("A")).toBe("DISABLED");
  });

  it("starts counting anew after a success", () => {
    const lab = new Lab({ disableHardTimeoutSeconds: 5 });
    failTimes(lab, 2);
    lab.add("W", "A");
    lab.take("W");
    lab.done("W", "A");
    lab.at(6, "W");
    failTimes(lab, 2);
    expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 2, firstFailureAt: 6000 });
  });
});

describe("a disabled task", () => {
  it("that an operator enables is FAILED, and needs as many failures as before to be disabled again", () => {
    const lab = new Lab();
    failTimes(lab, 3);
    expect(lab.scheduler.reEnable({ taskId: "A" }, lab.now)).toEqual({ status: "FAILED" });
    failTimes(lab, 2);
    expect(lab.status("A")).toBe("FAILED");
    failTimes(lab, 1);
    expect(lab.status("A")).toBe("DISABLED");
  });

  it("that is found complete is enabled, and its failures are forgotten", () => {
    const lab = new Lab();
    failTimes(lab, 3);
    lab.add("W", { taskId: "A", status: "DONE" });
    expect(lab.status("A")).toBe("DONE");
    failTimes(lab, 2);
    expect(lab.status("A")).toBe("FAILED");
  });

  it("stays so when a worker disabled it, until a worker registers it otherwise", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", status: "DISABLED" });
    lab.at(500, "W");
    expect(lab.status("A")).toBe("DISABLED");
    lab.add("W", "A");
    expect(lab.take("W")).toBe("A");
  });

  it("stays so after the scheduler's disable when a worker disabled it as well", () => {
    const lab = new Lab();
    failTimes(lab, 3);
    lab.add("W", { taskId: "A", status: "DISABLED" });
    lab.at(500, "W");
    expect(lab.status("A")).toBe("DISABLED");
  });

  it("stays so after the worker's disable while the scheduler's lasts", () => {
    const lab = new Lab();
    failTimes(lab, 3);
    lab.add("W", { taskId: "A", status: "DISABLED" });
    lab.add("W", "A");
    expect(lab.status("A")).toBe("DISABLED");
    lab.at(10, "W");
    expect(lab.status("A")).toBe("FAILED");
  });

  it("by a worker that is reported as failed is FAILED without a failure being counted", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", status: "DISABLED" });
    lab.add("W", { taskId: "A", status: "FAILED" });
    expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 0 });
  });
});

it.each([
  [10, "DISABLED"],
  [11, "FAILED"],
])("counts a failure of %i seconds ago, with a window of 10: %s", (seconds, status) => {
  const lab = new Lab({ retryCount: 2, disableWindowSeconds: 10, retryDelaySeconds: 1 });
  lab.add("W", "A");
  for (const at of [0, seconds]) {
    lab.at(at, "W");
    lab.take("W");
    lab.fail("W", "A");
  }
  expect(lab.status("A")).toBe(status);
});

it("forgets with DONE that a worker had disabled the task", () => {
  const lab = new Lab({ retryCount: 1 });
  lab.add("W", { taskId: "A", status: "DISABLED" });
  lab.add("W", { taskId: "A", status: "DONE" });
  lab.scheduler.act({ action: "rerun", taskIds: ["A"] }, lab.now);
  lab.take("W");
  lab.fail("W", "A");
  expect(lab.scheduler.task("A")).toMatchObject({ status: "DISABLED", disabledBy: "scheduler" });
});

it("keeps the failures of a task that only its worker disabled, whoever re-enables it", () => {
  const lab = new Lab();
  failTimes(lab, 1);
  lab.add("W", { taskId: "A", status: "DISABLED" });
  expect(lab.scheduler.reEnable({ taskId: "A" }, lab.now)).toEqual({ status: "DISABLED" });
  expect(lab.scheduler.task("A")).toMatchObject({ failures: 1, disabledBy: "worker" });
});

it("still counts a failure of exactly the window ago when an older one is forgotten", () => {
  const lab = new Lab({ retryCount: 3, disableWindowSeconds: 10, retryDelaySeconds: 1 });
  lab.add("W", "A");
  for (const at of [0, 5, 15]) {
    lab.at(at, "W");
    lab.take("W");
    lab.fail("W", "A");
  }
  expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 2 });
});
