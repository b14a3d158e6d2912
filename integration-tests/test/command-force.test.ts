import { beforeEach, describe, expect, it } from "vitest";
import { useWorkspace } from "./support.ts";

const workspace = useWorkspace();

const TASKS = `
import { appendFileSync } from "node:fs";
import { ExternalTask, LocalTarget, p, Task, WrapperTask } from "leat";

export class Given extends ExternalTask {
  override output() { return new LocalTarget("given"); }
}

abstract class Logged extends Task {
  override output() { return new LocalTarget(this.id); }
  override async run() {
    appendFileSync("log", this.id.replace(/_.*/, " "));
    await this.output().writeText("");
  }
}

export class Lower extends Logged {
  override requires() { return new Given(); }
}

export class Beside extends Logged {}

export class Upper extends Logged {
  override requires() { return [new Lower(), new Beside()]; }
}
`;

describe.each(["inline", "process"])("a run with the runner %s", (runner) => {
  const FLAGS = ["--runner", runner, "--log-level", "silent"];

  beforeEach(async () => {
    workspace.write("tasks.ts", TASKS);
    workspace.write("given", "");
    await ran();
  });

  /** What a run runs. */
  async function ran(...more: readonly string[]): Promise<string[]> {
    workspace.write("log", "");
    const { exitCode, stderr } = await workspace.leat(["run", "tasks.ts", "Upper", ...FLAGS, ...more]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    return workspace.read("log").trim().split(" ").filter(Boolean).toSorted();
  }

  it("with --force runs a task that is complete, and what depends on it; with --force-upstream all but external ones", async () => {
    expect(await ran("--force", "Lower")).toEqual(["Lower", "Upper"]);
    expect(await ran("--force-upstream")).toEqual(["Beside", "Lower", "Upper"]);
    expect(await ran()).toEqual([]);
  });
});

it("leat plan with --force shows what such a run would do, and does nothing", async () => {
  workspace.write("tasks.ts", TASKS);
  workspace.write("given", "");
  await workspace.leat(["run", "tasks.ts", "Upper"]);
  const log = workspace.read("log");
  const { stdout } = await workspace.leat(["plan", "tasks.ts", "Upper", "--force", "Lower"]);
  expect(stdout.replaceAll(/, to make .*/g, "").split("\n")).toEqual([
    "Upper(): will run after Lower()",
    "├─ Lower(): will run",
    "│  └─ Given(): complete: given",
    expect.stringMatching(/^└─ Beside\(\): complete: /),
    "",
  ]);
  expect(workspace.read("log")).toBe(log);
});
