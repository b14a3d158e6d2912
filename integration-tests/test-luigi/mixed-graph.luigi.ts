import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { luigiPrograms } from "@leat-internal/dev-servers";
import { expect, it } from "vitest";
import { ask, linesOf, openLeatd, temporaryFolder } from "../test/shared-support.ts";
import { type Ended, useWorkspace } from "../test/support.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const workspace = useWorkspace();

/** Workers of Luigi ask again soon, so that the test does not wait for them. */
const CONFIG = "[worker]\nkeep_alive=true\nwait_interval=0.05\nwait_jitter=0\nping_interval=0.2\n";

/** Runs a task of python_steps.py with Luigi's own worker. */
function runPython(url: string, task: readonly string[]): Promise<Ended> {
  const args = ["--module", "python_steps", ...task, "--scheduler-url", url, "--workers", "2"];
  const env = {
    PYTHONPATH: here,
    PYTHONDONTWRITEBYTECODE: "1",
    LUIGI_CONFIG_PATH: workspace.write("luigi.cfg", CONFIG),
  };
  return workspace.spawn(join(luigiPrograms(), "luigi"), args, env).ended;
}

/** Runs a task of typescript-steps.ts with Leat's worker. */
function runTypescript(url: string, task: readonly string[]): Promise<Ended> {
  const module = join(here, "typescript-steps.ts");
  return workspace.leat(["run", module, ...task, "--scheduler", url, "--workers", "2", "--keep-alive"]);
}

/** The lines of an execution summary, whichever worker wrote it. */
function summaryOf({ stdout, stderr }: Ended): string {
  const [, summary = ""] = /Execution Summary =====\n([\s\S]*?)\n=====/.exec(stdout + stderr) ?? [];
  return summary.replaceAll(/, folder=[^,)]*/g, "").trim();
}

it("runs a graph in which tasks of Python require tasks of TypeScript, and those tasks of Python", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const count = 12;
  const args = ["--count", String(count), "--folder", folder];
  const [python, typescript] = await Promise.all([
    runPython(leatd.url, ["PythonSteps", ...args]),
    runTypescript(leatd.url, ["TypescriptSteps", ...args]),
  ]);
  expect({ python, typescript }).toMatchObject({ python: { exitCode: 0 }, typescript: { exitCode: 0 } });
  const order = linesOf(join(folder, "log")).map((id) => id.replace(/^(\w+Step)_(\d+)_.*$/, "$1 $2"));
  expect(order).toHaveLength(2 * count);
  for (let n = 1; n <= count; n++) {
    for (const [one, other] of [
      ["PythonStep", "TypescriptStep"] as const,
      ["TypescriptStep", "PythonStep"] as const,
    ]) {
      const before = [n - 1, n - 2].filter((m) => m > 0).map((m) => order.indexOf(`${other} ${m}`));
      expect(order.indexOf(`${one} ${n}`)).toBeGreaterThan(Math.max(-1, ...before));
      expect(order.filter((line) => line === `${one} ${n}`)).toHaveLength(1);
    }
  }
  expect((await ask(leatd, "/api/v1/counts")).byStatus).toEqual({ DONE: 2 * count + 2 });
  // Luigi calls missing what was not there when it planned, whoever made it since; Leat looks again.
  const ran = (name: string) =>
    `    - ${count} ${name}Step(n=1...${count})\n    - 1 ${name}Steps(count=${count})`;
  expect(summaryOf(python)).toBe(
    `Scheduled 24 tasks of which:\n* 13 ran successfully:\n${ran("Python")}\n` +
      "* 11 were left pending, among these:\n    * 11 were missing external dependencies:\n" +
      "        - 11 TypescriptStep(n=1...11)\n\n" +
      "This progress looks :| because there were missing external dependencies",
  );
  expect(summaryOf(typescript)).toBe(
    "Scheduled 24 tasks of which:\n* 11 complete ones were encountered:\n    - 11 PythonStep(n=1...11)\n" +
      `* 13 ran successfully:\n${ran("Typescript")}\n\n` +
      "This progress looks :) because there were no failed tasks or missing dependencies",
  );
});

it("a failure in one language keeps back what requires it in the other", async () => {
  const leatd = await openLeatd();
  const args = ["--n", "1", "--folder", temporaryFolder()];
  const [python, typescript] = await Promise.all([
    runPython(leatd.url, ["FailingStep", ...args]),
    runTypescript(leatd.url, ["AfterFailing", ...args]),
  ]);
  expect(summaryOf(python)).toContain("* 1 failed:\n    - 1 FailingStep(n=1)");
  expect(typescript.exitCode).toBe(20);
  expect(summaryOf(typescript)).toContain("    * 1 had missing dependencies:\n        - 1 AfterFailing(n=1)");
  expect((await ask(leatd, "/api/v1/counts")).byStatus).toEqual({ DISABLED: 1, PENDING: 1 });
});
