import { describe, expect, it } from "vitest";
import { Fails, Holds } from "./fixtures/waits.ts";
import { ask, command, openLeatd } from "./shared-support.ts";
import { fixture, useWorkspace } from "./support.ts";

const WAITS = fixture("waits.ts");
const workspace = useWorkspace();

/** The line of `leat plan` for the task that is asked for. */
async function planned(url: string, ...task: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await workspace.leat(["plan", WAITS, ...task, "--scheduler", url]);
  expect([stderr, exitCode]).toEqual(["", 0]);
  return stdout.trimEnd();
}

async function reached(url: string, taskId: string, status: string): Promise<void> {
  for (;;) {
    const seen = await ask({ url }, `/api/v1/tasks/${taskId}`);
    if (seen.status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("leat plan of a task that others work on as well", () => {
  it("says who runs it, and which resource another task waits for", async () => {
    const leatd = await openLeatd();
    const running = workspace.start(["run", WAITS, "Holds", "--name", "a", "--scheduler", leatd.url]);
    await reached(leatd.url, new Holds({ name: "a" }).id, "RUNNING");
    expect(await planned(leatd.url, "Holds", "--name", "a")).toMatch(
      /^Holds\(name=a\): is run by \S+ now, takes 1 warehouse, to make .*out\/a$/,
    );
    expect(await planned(leatd.url, "Holds", "--name", "b")).toMatch(
      /^Holds\(name=b\): waits for resource warehouse \(1 of 1 in use, needs 1\), takes 1 warehouse, to make .*out\/b$/,
    );
    await command(leatd, "setResource", { resource: "warehouse", limit: 2 });
    expect(await planned(leatd.url, "Holds", "--name", "b")).toContain("Holds(name=b): will run, takes 1");
    workspace.write("go", "");
    expect((await running.ended).exitCode).toBe(0);
  });

  it("says when it will be tried again, as data too", async () => {
    const leatd = await openLeatd();
    await workspace.leat(["run", WAITS, "Fails", "--scheduler", leatd.url]);
    expect(await planned(leatd.url, "Fails")).toMatch(
      /^Fails\(\): waits for its retry at ([\d-]+ )?\d\d:\d\d:\d\d \(failed once\), to make .*out\/fails$/,
    );
    const { retryAt } = await ask(leatd, `/api/v1/tasks/${new Fails().id}`);
    const { tasks } = JSON.parse(await planned(leatd.url, "Fails", "--json"));
    expect(tasks[0].scheduler).toEqual({
      kind: "retry",
      at: new Date(retryAt).toISOString(),
      failures: 1,
    });
    expect(await planned(leatd.url, "Fails", "--format", "mermaid")).toContain(":::waiting");
  });

  it("says that the scheduler is paused, or that somebody disabled it", async () => {
    const leatd = await openLeatd();
    await workspace.leat(["run", WAITS, "Fails", "--scheduler", leatd.url]);
    await command(leatd, "act", { action: "disable", taskIds: [new Fails().id] });
    expect(await planned(leatd.url, "Fails")).toContain("Fails(): disabled by the operator");
    await command(leatd, "setPaused", { paused: true });
    expect(await planned(leatd.url, "Holds", "--name", "a")).toContain(
      "Holds(name=a): waits: the scheduler is paused",
    );
  });
});

describe("a scheduler that cannot be asked", () => {
  const NOWHERE = "http://127.0.0.1:9";

  it("is an error when a flag names it", async () => {
    const { exitCode, stderr } = await workspace.leat(["plan", WAITS, "Fails", "--scheduler", NOWHERE]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^leat: Cannot read from the scheduler: http:\/\/127.0.0.1:9: .*--scheduler.\n$/);
  });

  it("is a warning when the configuration names it", async () => {
    workspace.write("leat.toml", `[core]\nscheduler_url = "${NOWHERE}"\n`);
    const { exitCode, stdout, stderr } = await workspace.leat(["plan", WAITS, "Fails"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Fails(): will run, to make");
    expect(stderr).toContain("WARNING: the plan is without what the scheduler knows. Cannot read");
  });
});
