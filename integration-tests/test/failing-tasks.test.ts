import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture, useWorkspace } from "./support.ts";

const SONGS = fixture("songs.ts");
const FAILING = fixture("failing.ts");
const workspace = useWorkspace();

describe.each(["inline", "process"])("a task that fails (%s)", (runner) => {
  const run = (...args: string[]) => workspace.leat(["run", FAILING, ...args, "--runner", runner]);

  it("by an error: its name, message and place", async () => {
    const { exitCode, stderr, stdout } = await run("Throws", "--what", "error");
    expect(exitCode).toBe(30);
    expect(stderr).toContain(
      "ERROR: Throws(to=out/file, what=error) failed. RangeError: the number is too large\n    at ",
    );
    expect(stderr).toMatch(/fixtures[\\/]failing\.ts:\d+/);
    expect(stdout).toContain("* 1 failed:\n    - 1 Throws(to=out/file, what=error)\n");
  });

  it.each([
    ["text", "only a text"],
    ["nothing", "undefined"],
  ])("by throwing what is no error (%s)", async (what, shown) => {
    const { exitCode, stderr } = await run("Throws", "--what", what);
    expect(exitCode).toBe(30);
    expect(stderr).toContain(`failed. Error: A value that is no error was thrown: ${shown}\n`);
  });

  it("by not making its output: the target, and the cure", async () => {
    const { exitCode, stderr } = await run("Forgets");
    expect(exitCode).toBe(30);
    expect(stderr).toContain(
      "ERROR: Forgets(to=out/file) failed. Forgets(to=out/file) ran to its end, but it did not make out/file. " +
        "Make run() write it, or correct output().\n",
    );
  });

  it("leaves the others to run, and nothing half done", async () => {
    const { exitCode, stdout } = await run("Mixed");
    expect(exitCode).toBe(30);
    expect(stdout).toContain("* 1 ran successfully:\n    - 1 Writes(to=out/written, megabytes=1)\n");
    expect(stdout).toContain("    * 1 had failed dependencies:\n        - 1 Mixed()\n");
    expect(workspace.list("out")).toEqual(["written"]);
  });
});

describe("external data that is not there", () => {
  it("is named, and what requires it waits", async () => {
    const args = ["run", SONGS, "AllCountries", "--date", "2026-11-20"];
    const { exitCode, stderr, stdout } = await workspace.leat(args);
    expect(exitCode).toBe(20);
    expect(stderr).toContain("WARNING: Plays(date=2026-11-20) is external and not there");
    expect(stdout).toContain(
      "    * 1 were missing external dependencies:\n        - 1 Plays(date=2026-11-20)\n",
    );
    expect(workspace.list("out")).toEqual([]);
  });
});

const isRoot = process.getuid?.() === 0;

/** Mounts a file system of one megabyte; tells why when that cannot be. */
function mountSmall(path: string): string | undefined {
  if (!isRoot) return "only root can mount a small file system";
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "leat-test", path], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `a file system cannot be mounted here: ${(error as Error).message}`;
  }
}

describe("a store that cannot be written", () => {
  it("because it is full: says so, and leaves nothing behind", async ({ skip }) => {
    const disk = join(workspace.path, "disk");
    mkdirSync(disk);
    const reason = mountSmall(disk);
    skip(reason !== undefined, reason);
    try {
      const args = ["run", FAILING, "Writes", "--to", "disk/large", "--megabytes", "3"];
      const { exitCode, stderr } = await workspace.leat(args);
      expect(exitCode).toBe(30);
      expect(stderr).toContain(
        "Cannot write disk/large: no space left on device (ENOSPC). The disk is full: free space",
      );
      expect(readdirSync(disk)).toEqual([]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("because it may not be: says so, and leaves nothing behind", async ({ skip }) => {
    const folder = join(workspace.path, "locked");
    mkdirSync(folder);
    // Permissions do not hold root back, but a read-only mount does.
    const reason = isRoot ? mountSmall(folder) : undefined;
    skip(reason !== undefined, reason);
    if (isRoot) execFileSync("mount", ["-o", "remount,ro", folder]);
    else chmodSync(folder, 0o555);
    try {
      const { exitCode, stderr } = await workspace.leat(["run", FAILING, "Writes", "--to", "locked/file"]);
      expect(exitCode).toBe(30);
      expect(stderr).toMatch(
        /Cannot write locked\/file: (read-only file system \(EROFS\)|permission denied \(EACCES\))/,
      );
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      if (isRoot) execFileSync("umount", [folder]);
      else chmodSync(folder, 0o755);
    }
  });

  it("because a file is where a directory is needed", async () => {
    workspace.write("out", "a file");
    const { exitCode, stderr } = await workspace.leat(["run", FAILING, "Writes"]);
    expect(exitCode).toBe(30);
    expect(stderr).toContain("out/file");
    expect(workspace.read("out")).toBe("a file");
  });
});

describe("private parameters", () => {
  const PASSWORD = "correct horse battery staple";

  it.each(["inline", "process"])("are in nothing that a run says (%s)", async (runner) => {
    for (const task of ["SignsIn", "BrokenTogether"]) {
      for (const flags of [["--json"], []]) {
        const args = [
          "run",
          FAILING,
          task,
          "--password",
          PASSWORD,
          "--runner",
          runner,
          "--log-level",
          "debug",
        ];
        const { stdout, stderr, exitCode } = await workspace.leat([...args, ...flags]);
        expect(exitCode).toBeGreaterThan(0);
        expect(stdout + stderr).not.toContain("horse");
        expect(stderr).toContain("***");
      }
    }
  });

  it("are in nothing that a plan or help says", async () => {
    for (const args of [["plan"], ["plan", "--json"], ["plan", "--help"]]) {
      const [command = "", ...flags] = args;
      const line = [command, FAILING, "BrokenTogether", "--password", PASSWORD, ...flags];
      const { stdout, stderr } = await workspace.leat(line);
      expect(stdout).not.toBe("");
      expect(stdout + stderr).not.toContain("horse");
    }
  });
});
