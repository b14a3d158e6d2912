import { describe, expect, it } from "vitest";
import { fixture, type Running, until, useWorkspace } from "./support.ts";

const SLOW = fixture("slow.ts");
const workspace = useWorkspace();

/** Lines that tasks said by now. */
function said(): string[] {
  return workspace.has("said") ? workspace.read("said").split("\n").slice(0, -1) : [];
}

/** Collects what a command line writes to stderr, while it writes. */
function stderrOf(running: Running): () => string {
  let text = "";
  running.process.stderr?.on("data", (part: string) => (text += part));
  return () => text;
}

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const kinds = (["inline", "process"] as const).flatMap((runner) =>
  (["SIGINT", "SIGTERM"] as const).map((signal) => [signal, runner] as const),
);

describe.skipIf(process.platform === "win32")("a run that gets a signal", () => {
  it.each(kinds)(
    "drains after the first: what runs is finished, nothing new begins (%s, %s)",
    async (signal, runner) => {
      const running = workspace.start(["run", SLOW, "AllGated", "--workers", "2", "--runner", runner]);
      await until(() => said().length === 2);
      const stderr = stderrOf(running);
      running.process.kill(signal);
      await until(() => stderr().includes(`${signal}: no new tasks begin`));
      workspace.write("go", "");
      const { exitCode, stdout } = await running.ended;
      expect(exitCode).toBe(CODES[signal]);
      expect(stdout).toContain("* 2 ran successfully:\n    - 2 Gated(n=1,2)\n");
      expect(stdout).toContain(
        "* 2 was not granted run permission by the scheduler:\n        - 1 AllGated()\n        - 1 Gated(n=3)\n",
      );
      expect(workspace.list("out")).toEqual(["gated-1", "gated-2"]);
      expect(workspace.read("out/gated-1")).toBe("first half, second half");
    },
  );

  it.each(kinds)(
    "ends what runs after the second, and leaves no half-written file (%s, %s)",
    async (signal, runner) => {
      const running = workspace.start(["run", SLOW, "AllGated", "--workers", "2", "--runner", runner]);
      await until(() => said().length === 2);
      expect(workspace.list("out")).toHaveLength(2);
      const stderr = stderrOf(running);
      running.process.kill(signal);
      await until(() => stderr().includes("no new tasks begin"));
      running.process.kill(signal);
      const { exitCode, stdout, stderr: all } = await running.ended;
      expect(exitCode).toBe(CODES[signal]);
      expect(all).toContain(`${signal} again: ending what runs.\n`);
      expect(all).toContain("Gated(n=1) was ended because the run was cancelled.");
      expect(stdout).toContain("* 2 failed:\n    - 2 Gated(n=1,2)\n");
      expect(workspace.list("out")).toEqual([]);
    },
  );

  it.each(["inline", "process"])("lets tasks end that look at their signal (%s)", async (runner) => {
    const running = workspace.start(["run", SLOW, "Obeying", "--runner", runner]);
    await until(() => said().length === 1);
    const stderr = stderrOf(running);
    running.process.kill("SIGINT");
    await until(() => stderr().includes("no new tasks begin"));
    running.process.kill("SIGTERM");
    const { exitCode } = await running.ended;
    // The first one counts.
    expect(exitCode).toBe(130);
    expect(said()).toEqual(["begun", "stopped"]);
  });

  it("ends at once when nothing runs yet", async () => {
    const running = workspace.start(["run", SLOW, "Undecided"]);
    await until(() => said().length === 1);
    running.process.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running.ended;
    expect([exitCode, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("leat: the run was cancelled before anything began.\n");
  });

  it("ends at once after the third, with the same result on disk", async () => {
    const running = workspace.start(["run", SLOW, "Gated", "--runner", "process"]);
    await until(() => said().length === 1);
    const stderr = stderrOf(running);
    running.process.kill("SIGTERM");
    await until(() => stderr().includes("no new tasks begin"));
    running.process.kill("SIGTERM");
    await until(() => stderr().includes("ending what runs"));
    running.process.kill("SIGTERM");
    const { exitCode, stdout } = await running.ended;
    expect([exitCode, stdout]).toEqual([143, ""]);
    expect(workspace.has("out/gated-1")).toBe(false);
  });
});
