import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LocalTarget } from "@leat/core";
import { ExternalProgramTask, runProgram } from "@leat/external-program";
import { run } from "@leat/worker";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "leat-program-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A shell of its own, given its code as one argument: to grow trees of processes is what it does best. */
const shell = (code: string): string[] => ["sh", "-c", code];

interface Status {
  readonly state: string;
  readonly parent: number;
}

/** What the system says of a process; `undefined` when there is none. */
function statusOf(pid: number): Status | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, state = "", parent = ""] = /^State:\s+(\w)[^]*^PPid:\s+(\d+)/m.exec(text) ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

/** A process that ended and that nobody above it asked about is no longer alive. */
function isAlive(pid: number): boolean {
  const status = statusOf(pid);
  return status !== undefined && status.state !== "Z";
}

function pids(): number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger);
}

function childrenOf(parent: number): { readonly pid: number; readonly state: string }[] {
  return pids().flatMap((pid) => {
    const status = statusOf(pid);
    return status?.parent === parent ? [{ pid, state: status.state }] : [];
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs a program that prints ids of processes in one line, and stops it when it has; gives the ids. */
async function stopped(args: readonly string[], killAfterSeconds = 0.2): Promise<number[]> {
  const abort = new AbortController();
  let found: number[] = [];
  const running = runProgram(args, {
    signal: abort.signal,
    killAfterSeconds,
    onLine(line) {
      found = line.split(" ").map(Number);
      abort.abort(new Error("stopped"));
    },
  });
  await expect(running).rejects.toThrow("stopped");
  return found;
}

describe.skipIf(process.platform !== "linux")("a program that is stopped", () => {
  it("ends with its children and theirs", async () => {
    const found = await stopped(shell("sh -c 'sleep 600 & echo $$ $!; wait' & wait"));
    expect(found).toHaveLength(2);
    expect(found.filter(isAlive)).toEqual([]);
  });

  it("is killed when it does not listen to SIGTERM", async () => {
    const found = await stopped(shell("trap '' TERM; echo $$; while :; do sleep 0.05; done"));
    expect(found).toHaveLength(1);
    expect(found.filter(isAlive)).toEqual([]);
  });

  it("takes a grandchild with it that does not listen to SIGTERM", async () => {
    const deaf = "trap '' TERM; while :; do sleep 0.05; done";
    const found = await stopped(shell(`sh -c "${deaf}" & echo $$ $!; wait`));
    expect(found).toHaveLength(2);
    expect(found.filter(isAlive)).toEqual([]);
  });

  it("takes those with it that are slow to die", async () => {
    // Ignored signals stay so in what is started. Who is killed has to be given a processor before it can die.
    const slow =
      "for n in $(seq 20); do nice -n 19 sh -c 'while :; do :; done' >/dev/null 2>&1 & all=\"$all $!\"; done";
    const found = await stopped(shell(`trap '' TERM; ${slow}; trap - TERM; echo $all; wait`));
    expect(found).toHaveLength(20);
    expect(found.filter(isAlive)).toEqual([]);
  });

  it("has time to tidy up", async () => {
    const code = `trap 'echo tidy > "${folder}/tidy"; exit 0' TERM; echo $$; while :; do sleep 0.01; done`;
    await stopped(shell(code), 60);
    expect(readFileSync(join(folder, "tidy"), "utf8")).toBe("tidy\n");
  });

  it("ends although it is halted", async () => {
    const found = await stopped(shell("echo $$; kill -STOP $$"));
    expect(found.filter(isAlive)).toEqual([]);
  });
});

describe.skipIf(process.platform !== "linux")("a program that ends", () => {
  it("takes with it what it left running", async () => {
    let sleeper = 0;
    const result = await runProgram(shell("sleep 600 & echo $!"), {
      onLine: (line) => (sleeper = Number(line)),
    });
    expect(result.exitCode).toBe(0);
    expect(isAlive(sleeper)).toBe(false);
  });

  it("is over although what left its group holds its output, of which nothing is lost", async () => {
    const output = new LocalTarget(join(folder, "out"));
    const apart = `setsid sh -c 'echo $$ > "${folder}/ready"; exec sleep 600' &`;
    const code = `echo before; ${apart} until [ -s "${folder}/ready" ]; do :; done; cat "${folder}/ready"`;
    await runProgram(shell(code), { output });
    const [before, sleeper] = (await output.readText()).trimEnd().split("\n");
    expect(before).toBe("before");
    process.kill(Number(sleeper), "SIGKILL");
  });

  it("leaves no zombie, whether it succeeds, fails or is not there", async () => {
    await runProgram(["true"]);
    const before = childrenOf(process.pid).map(({ pid }) => pid);
    const programs = [["true"], ["false"], ["/no/such/program"], shell("kill -9 $$"), shell("true & true")];
    for (const program of programs) await runProgram(program).catch(() => undefined);
    expect(childrenOf(process.pid).map(({ pid }) => pid)).toEqual(before);
    expect(before.flatMap(childrenOf).filter(({ state }) => state === "Z")).toEqual([]);
  });

  it("has a hundred beside it, each with its own output", async () => {
    const lines: string[] = [];
    const numbers = Array.from({ length: 100 }, (_, index) => String(index));
    const onLine = (line: string) => void lines.push(line);
    await Promise.all(numbers.map((number) => runProgram(["echo", number], { onLine })));
    expect(lines.toSorted()).toEqual(numbers.toSorted());
  });
});

class Endless extends ExternalProgramTask {
  override output() {
    return new LocalTarget("/no/such/output");
  }
  override programArgs() {
    return shell("sleep 600 & echo $$ $!; wait");
  }
}

it("a task that is stopped ends its program and what that started", async () => {
  const found: number[] = [];
  const abort = new AbortController();
  const info = (line: string) => {
    const [, ids] = /stdout: ([\d ]+)/.exec(line) ?? [];
    if (ids === undefined) return;
    found.push(...ids.split(" ").map(Number));
    abort.abort(new Error("no longer wanted"));
  };
  const log = { debug() {}, info, warn() {}, error() {} };
  const { summary } = await run([new Endless()], { log, signal: abort.signal });
  expect(summary.succeeded).toEqual([]);
  expect(found).toHaveLength(2);
  await until(() => !found.some(isAlive));
});

const FIXTURE = fileURLToPath(new URL("./fixtures/worker.ts", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A process that runs a program and tells us its id. */
async function worker(): Promise<{ readonly process: ChildProcess; readonly program: number }> {
  const child = fork(FIXTURE, { execArgv: ["--import", TSX, "--conditions=@leat/source"] });
  const [program] = (await once(child, "message")) as [number];
  return { process: child, program };
}

describe.skipIf(process.platform !== "linux")("a worker", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "that is ended by %s takes its programs with it",
    async (signal) => {
      const { process: child, program } = await worker();
      expect(isAlive(program)).toBe(true);
      child.kill(signal);
      await until(() => !isAlive(program));
    },
  );

  it("whose launcher is killed ends its programs, and can run others", async () => {
    const { process: child, program } = await worker();
    const launcher = statusOf(program)?.parent as number;
    expect(statusOf(launcher)?.parent).toBe(child.pid);
    process.kill(launcher, "SIGKILL");
    const [answer] = (await once(child, "message")) as [string];
    expect(answer).toMatch(/ended with signal SIGKILL.*then exit code 0/);
    await until(() => !isAlive(program));
  });
});
