import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { useWorkspace } from "./support.ts";

const core = fileURLToPath(new URL("../../packages/core", import.meta.url));
const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));
const workspace = useWorkspace();

beforeEach(() => {
  const own = join(workspace.path, "project/node_modules");
  mkdirSync(join(own, "@leat/core"), { recursive: true });
  for (const part of ["package.json", "dist"])
    cpSync(join(core, part), join(own, "@leat/core", part), { recursive: true });
  symlinkSync(join(packages, "temporal-polyfill"), join(own, "temporal-polyfill"));
  workspace.write("project/tasks.ts", TASKS);
});

/** Tasks of a project that has a copy of core other than that of the command line. */
const TASKS = `
import { ExternalTask, LocalTarget, p, Task, UsageError, WrapperTask } from "@leat/core";

export class Given extends ExternalTask {
  override output() { return new LocalTarget("given"); }
}
export class Writes extends Task.with({ date: p.date() }) {
  override requires() { return new Given(); }
  override output() { return new LocalTarget(\`out/\${this.date}\`); }
  override async run() { await this.output().writeText(await this.input().readText()); }
}
export class WithoutOutput extends Task {
  override output() { return undefined; }
  override run() {}
}
export class Forgets extends Task {
  override output() { return new LocalTarget("out/forgotten"); }
  override run() {}
}
export class Refuses extends Task {
  override output() { return new LocalTarget("out/refused"); }
  override run() { throw new UsageError("PARAMETER_INVALID", "not like this"); }
}
export class All extends WrapperTask.with({ date: p.date() }) {
  override requires() { return [new Writes({ date: this.date }), new WithoutOutput(), new Nothing()]; }
}
export class Nothing extends WrapperTask {}
`;

describe.each(["inline", "process"])("tasks of another copy of core (%s)", (runner) => {
  const run = (...args: string[]) => workspace.leat(["run", "project/tasks.ts", ...args, "--runner", runner]);

  it("run as those of one's own", async () => {
    workspace.write("given", "a text");
    const { exitCode, stdout, stderr } = await run("All", "--date", "2026-11-20");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("* 2 complete ones were encountered:\n    - 1 Given()\n    - 1 Nothing()\n");
    expect(stdout).toContain(
      "* 3 ran successfully:\n    - 1 All(date=2026-11-20)\n    - 1 WithoutOutput()\n    - 1 Writes(date=2026-11-20)\n",
    );
    expect(stderr).toContain("WithoutOutput(): It has no output, so it runs every time.");
    expect(workspace.read("out/2026-11-20")).toBe("a text");
  });

  it("are missing, and fail, in the same words", async () => {
    expect((await run("Writes", "--date", "2026-11-20")).exitCode).toBe(20);
    expect((await run("Forgets")).stderr).toContain("it did not make out/forgotten");
    expect((await run("Refuses")).stderr).toContain("ERROR: Refuses() failed. not like this\n");
  });
});
