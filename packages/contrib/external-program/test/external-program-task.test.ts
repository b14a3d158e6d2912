import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalTarget, p } from "@leat/core";
import { ExternalProgramTask } from "@leat/external-program";
import { createLogger, run } from "@leat/worker";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "leat-program-"))));
afterEach(() => rmSync(folder, { recursive: true }));

class Sorted extends ExternalProgramTask.with({ folder: p.string({ significant: false }), key: p.string() }) {
  override output() {
    return new LocalTarget(join(this.folder, "sorted"));
  }
  override programOutput() {
    return this.output();
  }
  override programArgs() {
    return ["sort", "--key", this.key, join(this.folder, "words")];
  }
  override programEnvironment() {
    return { PATH: process.env["PATH"], LC_ALL: "C" };
  }
}

class Secretive extends ExternalProgramTask.with({ password: p.string({ visibility: "private" }) }) {
  override output() {
    return undefined;
  }
  override programArgs() {
    return ["true", `--password=${this.password}`];
  }
  override shownArgs() {
    return ["true", "--password=***"];
  }
}

async function runLogged(task: ExternalProgramTask): Promise<{ log: string; succeeded: boolean }> {
  let log = "";
  const result = await run([task], { log: createLogger("info", (line) => void (log += line)) });
  return { log, succeeded: result.succeeded };
}

it("a program's stdout becomes the output of the task", async () => {
  await new LocalTarget(join(folder, "words")).writeLines(["1 b", "2 a"]);
  const task = new Sorted({ folder, key: "2" });
  expect((await runLogged(task)).succeeded).toBe(true);
  expect(await task.output().readText()).toBe("2 a\n1 b\n");
});

it("a program that fails fails the task, with what it said and without an output", async () => {
  const task = new Sorted({ folder, key: "2" });
  const { log, succeeded } = await runLogged(task);
  expect(succeeded).toBe(false);
  expect(log).toMatch(/sort.*exit code 2.*cannot read/s);
  expect(await task.output().exists()).toBe(false);
});

it("the log shows the command as shownArgs gives it", async () => {
  const { log } = await runLogged(new Secretive({ password: "geheim" }));
  expect(log).toContain("runs true --password=***");
  expect(log).not.toContain("geheim");
});
