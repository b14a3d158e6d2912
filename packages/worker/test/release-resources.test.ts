import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunContext, Task } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { Releases } from "./fixtures/process-tasks.ts";
import { leatError, recordLog } from "./support.ts";

const module = new URL("./fixtures/process-tasks.ts", import.meta.url).href;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-release-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe.each(["inline", "process"] as const)(
  "a task that gives back resources, with the %s runner",
  (runner) => {
    it("lets another begin that needs them, before it has ended itself", async () => {
      // Each of the two waits until the other has begun, and there is one unit.
      const tasks = [
        new Releases({ directory, name: "a", other: "b" }),
        new Releases({ directory, name: "b", other: "a" }),
      ];
      const { status } = await run(tasks, { runner, module, workers: 2, log: recordLog() });
      expect(status).toBe("SUCCESS");
    });
  },
);

it.each([-1, Number.NaN, Infinity, "1"])("giving back %s units fails the task", async (units) => {
  class Wrong extends Task {
    override output(): undefined {
      return undefined;
    }
    override run({ releaseResources }: RunContext): void {
      releaseResources({ machine: units as number });
    }
  }
  const task = new Wrong();
  const { outcomes } = await run([task], { log: recordLog() });
  expect(outcomes.get(task.id).error).toEqual(leatError("OPTION_INVALID", `${units} units`, '"machine"'));
});
