import { describe, expect, it } from "vitest";
import { fixture, useWorkspace } from "./support.ts";

const workspace = useWorkspace();

describe("run() in a program", () => {
  it.each(["inline", "process"])("that is given to node as a text (%s)", async (runner) => {
    const module = fixture("failing.ts");
    const program = `
      import { run } from "leat";
      import { register } from "tsx/esm/api";
      register();
      const { Writes, Throws } = await import(${JSON.stringify(module)});
      const tasks = [new Writes({ to: "out/a" }), new Writes({ to: "out/b" }), new Throws({ what: "error" })];
      const { succeeded, exitCode, summary } = await run(tasks, { workers: 2, runner: "${runner}", module: ${JSON.stringify(module)} });
      console.log(JSON.stringify({ succeeded, exitCode, made: summary.succeeded.length }));
    `;
    const flags = ["--input-type=module", "--eval", program];
    const { exitCode, stdout, stderr } = await workspace.spawn(process.execPath, flags).ended;
    expect(stderr).toContain(
      "ERROR: Throws(to=out/file, what=error) failed. RangeError: the number is too large",
    );
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { succeeded: false, exitCode: 30, made: 2 }]);
    expect(workspace.list("out")).toEqual(["a", "b"]);
  });
});
