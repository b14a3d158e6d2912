import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cliCommand, fixture, useWorkspace } from "./support.ts";

const FAILING = fixture("failing.ts");
const workspace = useWorkspace();

/** Runs a line of a shell; `leat` in it is the command line. */
function shell(line: string) {
  const leat = cliCommand()
    .map((part) => `'${part}'`)
    .join(" ");
  return workspace.spawn("/bin/sh", ["-c", `leat() { ${leat} "$@"; }; ${line}`]).ended;
}

describe.skipIf(process.platform === "win32")("the streams of a command line", () => {
  it("get all of a large result, also when they are read slowly", async () => {
    const { stdout } = await shell(
      `leat run '${FAILING}' ManyTasks --count 5000 --json --log-level silent | (sleep 1; cat)`,
    );
    const { tasks } = JSON.parse(stdout) as { tasks: unknown[] };
    expect(stdout.length).toBeGreaterThan(500_000);
    expect(tasks).toHaveLength(5001);
  });

  it("may be closed by their reader: the run goes on to its end", async () => {
    const { exitCode, stderr } = await shell(
      `leat run '${FAILING}' Writes --megabytes 3 2>&1 >/dev/null | head -c 5 >/dev/null; leat list '${FAILING}' | head -1`,
    );
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(workspace.has("out/file")).toBe(true);
  });

  it.skipIf(!existsSync("/dev/full"))("may be full: that is an error", async () => {
    const { exitCode, stderr } = await shell(`leat list '${FAILING}' > /dev/full`);
    expect(exitCode).toBe(40);
    expect(stderr).toMatch(/^leat: cannot write to stdout: .*ENOSPC/);
  });
});

describe("a command line", () => {
  it("ends by itself when a task leaves something open", async () => {
    const { exitCode, stdout } = await workspace.leat(["run", FAILING, "LeavesOpen"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("This progress looks :)");
  });

  it.each(["Exits", "Exits --code 3", "NeverEnds"])(
    "does not pass for a success when a task ends the process (%s)",
    async (task) => {
      const { exitCode, stdout, stderr } = await workspace.leat(["run", FAILING, ...task.split(" ")]);
      expect([exitCode, stdout]).toEqual([40, ""]);
      expect(stderr).toMatch(
        /^leat: the process ended before the command did while \w+\(.*to=out\/file.*\) ran: a task called process\.exit\(\), or waits for something that never comes\.$/m,
      );
    },
  );

  it.each([
    ["a promise that nobody awaits", "promise", " Await all promises of run()."],
    ["a timer", "timer", ""],
  ])("names the task under way when nothing catches an error, of %s", async (_, from, cure) => {
    const args = ["run", FAILING, "FailsBeside", "--from", from, "--password", "hidden-word"];
    const { exitCode, stdout, stderr } = await workspace.leat(args);
    expect([exitCode, stdout]).toEqual([40, ""]);
    expect(stderr).toMatch(/^leat: nothing caught an error while FailsBeside\(.*\) ran\./m);
    expect(stderr).toContain(` ran.${cure}\nError: *** was refused\n    at `);
    expect(stderr).not.toContain("hidden-word");
  });

  it("survives a task that ends its own process", async () => {
    const { exitCode, stdout } = await workspace.leat(["run", FAILING, "Exits", "--runner", "process"]);
    expect(exitCode).toBe(30);
    expect(stdout).toContain("* 1 failed:\n    - 1 Exits(to=out/file)\n");
  });
});
