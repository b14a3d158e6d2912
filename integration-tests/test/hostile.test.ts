import { mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliCommand, useWorkspace } from "./support.ts";

const workspace = useWorkspace();

const TASKS = `
import { LocalTarget, p, Task, WrapperTask } from "leat";
import { Load as OtherLoad } from "./other.ts";

export class Load extends Task {
  override output() { return new LocalTarget("out/sales"); }
  override async run() { await this.output().writeText(""); }
}
export class Both extends WrapperTask {
  override requires() { return [new Load(), new OtherLoad()]; }
}
export class Forever extends Task.with({ n: p.int({ default: 0 }) }) {
  override requires(): Task {
    if (this.n === 1) console.error("planning");
    return new Forever({ n: this.n + 1 });
  }
  override output() { return new LocalTarget("out/" + this.n); }
  override run() {}
}
`;
const OTHER = TASKS.replace(/import \{ Load .*/, "").replace("out/sales", "out/stock");

describe("a module", () => {
  it("whose tasks would pass for those of another one is told so, and nothing is taken for done", async () => {
    workspace.write("tasks.ts", TASKS);
    workspace.write("other.ts", OTHER);
    const { exitCode, stderr } = await workspace.leat(["run", "tasks.ts", "Both"]);
    expect(exitCode).toBe(35);
    expect(stderr).toContain(
      "Cannot plan Both(): Two classes have tasks Load(): of one they make out/sales, of the other they make out/stock. Give one of the classes a namespace or another name.",
    );
  });

  it("that extends a class of one that imports it is told how to get out of the circle", async () => {
    const task = "{ output() { return undefined; } run() {} }";
    const imports = 'import { Task } from "leat";\n';
    workspace.write("package.json", '{ "type": "module" }');
    workspace.write("upper.ts", `${imports}import "./lower.ts";\nexport class Upper extends Task ${task}`);
    workspace.write("lower.ts", `import { Upper } from "./upper.ts";\nexport class Lower extends Upper {}`);
    const { exitCode, stderr } = await workspace.leat(["list", "upper.ts"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "leat: Cannot load the module upper.ts: ReferenceError: Cannot access 'Upper' before initialization. If modules import each other in a circle, move what both need to a third one.\n    at ",
    );
    expect(stderr).toContain("lower.ts:2");
  });

  it("that waits for what never comes while it is loaded is no success", async () => {
    workspace.write("waits.ts", "await new Promise(() => undefined);");
    const { exitCode, stderr } = await workspace.leat(["list", "waits.ts"]);
    expect(exitCode).toBe(40);
    expect(stderr).toContain("waits for something that never comes");
  });

  it.skipIf(process.platform === "win32")(
    "that requires without end is interrupted by one signal",
    async () => {
      workspace.write("tasks.ts", TASKS);
      workspace.write("other.ts", OTHER);
      const { process: child, ended } = workspace.start(["run", "tasks.ts", "Forever"]);
      child.stderr?.once("data", () => child.kill("SIGINT"));
      const { exitCode, stdout, stderr } = await ended;
      expect([exitCode, stdout]).toEqual([130, ""]);
      expect(stderr).toMatch(/^planning\nSIGINT: .*\nleat: the run was cancelled before anything began\.\n$/);
    },
  );
});

describe.skipIf(process.platform === "win32")("a working directory that was removed", () => {
  it.each([["run", "tasks.ts", "Load"], ["list", "tasks.ts"], ["config"]])(
    "is said to be gone (leat %s)",
    async (...args) => {
      const gone = join(workspace.path, "gone");
      mkdirSync(gone);
      const script = `cd "${gone}" && rmdir "${gone}" && exec "$@"`;
      const { ended } = workspace.spawn("sh", ["-c", script, "sh", ...cliCommand(...args)]);
      const { exitCode, stderr } = await ended;
      expect([exitCode, stderr]).toEqual([
        2,
        "leat: The working directory has been removed. Change to one that is there.\n",
      ]);
      expect(() => rmdirSync(gone)).toThrow("ENOENT");
    },
  );
});
