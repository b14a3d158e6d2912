import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { childrenOf } from "./children.ts";
import {
  Babbles,
  Crashes,
  Endless,
  Exported,
  Fickle,
  hiddenTask,
  KeepsSecret,
  Listens,
  Lossy,
  Meets,
  Obeying,
  Throws,
  Waiting,
  WritesPid,
} from "./fixtures/process-tasks.ts";
import { leatError, recordEvents, recordLog, until } from "./support.ts";

const module = new URL("./fixtures/process-tasks.ts", import.meta.url).href;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-process-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const { runInChildren, read } = childrenOf(module, () => directory);

/** Ids of processes that a fixture wrote down. */
function pidsIn(name: string): number[] {
  return read(name).split(" ").map(Number).filter(Boolean);
}

/** A process that has ended may still be listed, as a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("the process runner", () => {
  it("runs attempts in another process, one after another in the same", async () => {
    const tasks = ["a", "b", "c"].map((name) => new WritesPid({ directory, name }));
    const { status } = await runInChildren(tasks);
    expect(status).toBe("SUCCESS");
    const pids = new Set(["a.done", "b.done", "c.done"].map(read));
    expect(pids.size).toBe(1);
    expect(pids).not.toContain(String(process.pid));
  });

  it("lets attempts compute at the same time", async () => {
    const tasks = [
      new Meets({ directory, name: "a", other: "b" }),
      new Meets({ directory, name: "b", other: "a" }),
    ];
    const { status } = await runInChildren(tasks, { workers: 2 });
    expect(status).toBe("SUCCESS");
    expect(read("a.done")).not.toBe(read("b.done"));
  });

  it("ends its processes when the run ends", async () => {
    await runInChildren([new WritesPid({ directory })]);
    expect(isAlive(Number(read("a.done")))).toBe(false);
  });

  it("brings errors over with name, code, stack and causes", async () => {
    const tasks = ["range", "target", "text"].map((what) => new Throws({ directory, what }));
    const { outcomes } = await runInChildren(tasks);
    expect(tasks.map(({ id }) => outcomes.get(id).error)).toMatchObject([
      {
        name: "RangeError",
        message: "too much",
        stack: expect.stringContaining("process-tasks.ts") as string,
        cause: { message: "deeper" },
      },
      {
        name: "TargetError",
        code: "TARGET_FULL",
        message: "no room",
        retryable: true,
        details: { path: "x" },
      },
      { message: "A value that is no error was thrown: only a text" },
    ]);
  });

  it("drops what an attempt says after its end", async () => {
    const log = recordLog();
    // The same process runs them: the second begins when the first is done.
    await runInChildren([new Babbles({ directory }), new Listens({ directory, name: "b" })], { log });
    const lines = log.lines.filter((line) => line.includes("still there"));
    expect(lines.filter((line) => line.includes("Listens"))).toEqual([]);
  });

  it("makes a task whose class is not exported by way of its dependants", async () => {
    const { status } = await runInChildren([new Exported({ directory })]);
    expect(status).toBe("SUCCESS");
    expect(readdirSync(directory).toSorted()).toEqual(["a.depth-0", "a.depth-1", "a.depth-2"]);
    expect(read("a.depth-0")).not.toBe(String(process.pid));
  });

  it("fails a task that nothing leads to, and says how to mend it", async () => {
    const task = hiddenTask(directory);
    const { outcomes } = await runInChildren([task]);
    expect(outcomes.get(task.id).error).toEqual(
      leatError("TASK_NOT_PORTABLE", "NotExported(", "cannot run in another process", "Export its class"),
    );
  });

  it("fails a task that its dependant does not require in the other process", async () => {
    const { summary, outcomes } = await runInChildren([new Fickle({ directory })]);
    expect(outcomes.get(summary.failed[0]?.id ?? "").error).toEqual(
      leatError("TASK_NOT_PORTABLE", `there, Fickle(directory=${directory}) does not require it`),
    );
  });

  it("fails a task whose parameters do not survive as text, and runs no other in its place", async () => {
    const task = new Lossy({ directory, word: "b" });
    const { outcomes } = await runInChildren([task]);
    expect(outcomes.get(task.id).error).toEqual(
      leatError("TASK_NOT_PORTABLE", "from the texts of its parameters", "is made"),
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it("gives private parameters to the process and shows them to nobody", async () => {
    const password = "correct horse battery staple";
    const log = recordLog();
    const task = new KeepsSecret({ directory, password });
    const { summaryText } = await runInChildren([task], { log });
    expect(read("a.done")).toBe(password);
    expect(read("a.seen")).toContain("process-child");
    expect([read("a.seen"), summaryText, ...log.lines].join("\n")).not.toContain("correct horse");
    expect(log.lines).toContain(`info ${task}: signing in with ***`);
  });
});

describe("a child process", () => {
  it("that is in a busy loop is killed when its time is over, with all that it started", async () => {
    const task = new Endless({ directory });
    const { outcomes } = await runInChildren([task, new WritesPid({ directory, name: "next" })]);
    expect(outcomes.get(task.id).error).toEqual(
      leatError("TASK_TIMED_OUT", "took longer than its 0.2 seconds"),
    );
    expect(pidsIn("a.pids")).toHaveLength(2);
    await until(() => !pidsIn("a.pids").some(isAlive));
    expect(pidsIn("a.pids")).not.toContain(Number(read("next.done")));
  });

  it("that ends its attempt in time when that is over is used again", async () => {
    const task = new Obeying({ directory });
    const { outcomes } = await runInChildren([task, new WritesPid({ directory, name: "next" })]);
    expect(outcomes.get(task.id).error).toEqual(leatError("TASK_TIMED_OUT"));
    expect(read("a.pids")).toContain("took longer than its 0.2 seconds");
    expect(read("a.pids").split(" ")[0]).toBe(read("next.done"));
  });

  it("that waits and does not look at its signal is ended, and takes its temporary file along", async () => {
    const end = new AbortController();
    const task = new Waiting({ directory });
    const result = runInChildren([task], { signal: end.signal });
    await until(() => existsSync(join(directory, "a.pids")));
    expect(readdirSync(directory)).toHaveLength(2);
    end.abort();
    const { outcomes } = await result;
    expect(outcomes.get(task.id).error).toEqual(leatError("TASK_ABORTED"));
    expect(readdirSync(directory)).toEqual(["a.pids"]);
  });

  const ends: [how: string, text: string][] = [
    ["exit", "ended with exit code 3"],
    ["kill", "ended with signal SIGKILL"],
    ["throw", "ended with exit code 1"],
  ];

  it.each(ends)(
    "that ends before its task does (%s) fails the task, and the run goes on",
    async (how, text) => {
      const task = new Crashes({ directory, how });
      const log = recordLog();
      let events: string[] = [];
      const { outcomes } = await runInChildren([task, new WritesPid({ directory, name: "next" })], {
        log,
        listen: (bus) => {
          const names = ["task:progress", "task:processDied", "task:failed"] as const;
          events = recordEvents(bus, names, (name) => name);
        },
      });
      expect(outcomes.get(task.id).error).toEqual(leatError("TASK_PROCESS_DIED", text, "Look for a crash"));
      expect(events).toEqual(["task:progress", "task:processDied", "task:failed"]);
      expect(log.lines).toContain(`info ${task}: last words`);
      expect(existsSync(join(directory, "next.done"))).toBe(true);
    },
  );
});

describe.skipIf(process.platform === "win32")("when the worker is killed", () => {
  it.each(["Waiting", "Endless"])("its children end, with what they started (%s)", async (kind) => {
    const pids = await pidsOfKilledWorker(kind);
    expect(pids.length).toBeGreaterThan(0);
    await until(() => !pids.some(isAlive));
  });

  it("a file that a child was writing is not there", async () => {
    const pids = await pidsOfKilledWorker("Waiting");
    await until(() => !pids.some(isAlive));
    expect(readdirSync(directory)).toEqual(["a.pids"]);
  });
});

/** Starts a worker, kills it when its child is at work, and gives the ids of the child and what that started. */
async function pidsOfKilledWorker(kind: string): Promise<number[]> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const main = fileURLToPath(new URL("./fixtures/run-main.ts", import.meta.url));
  const worker = spawn(
    process.execPath,
    ["--import", tsx, "--conditions=@leat/source", main, kind, directory],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  await until(() => existsSync(join(directory, "a.pids")));
  worker.kill("SIGKILL");
  await once(worker, "exit");
  return pidsIn("a.pids");
}
