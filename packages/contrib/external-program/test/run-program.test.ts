import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalTarget, UsageError } from "@leat/core";
import { ProgramError, runProgram } from "@leat/external-program";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "leat-program-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Arguments of a Node program with this code. */
const node = (code: string, ...args: string[]): string[] => [process.execPath, "-e", code, ...args];

async function linesOf(
  args: readonly string[],
  options: Parameters<typeof runProgram>[1] = {},
): Promise<string[]> {
  const lines: string[] = [];
  await runProgram(args, { ...options, onLine: (line, stream) => lines.push(`${stream} ${line}`) });
  return lines;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended and was not reaped yet still takes signals; its state says so.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("arguments and environment", () => {
  it("each argument arrives as it is, whatever a shell would make of it", async () => {
    const odd = ["*", "$HOME", "a b", "; echo x", "'", '"', "`id`", "", "-n", "ä€😀", "new\nline"];
    const [line] = await linesOf(node("console.log(JSON.stringify(process.argv.slice(1)))", "--", ...odd));
    expect(line).toBe(`stdout ${JSON.stringify(odd)}`);
  });

  it("the environment is the given one, and only that", async () => {
    const lines = await linesOf(node("console.log(Object.keys(process.env).join())"), {
      environment: { A: "1" },
    });
    expect(lines).toEqual(["stdout A"]);
  });

  it("each program has its own environment, whatever that of the one before", async () => {
    const a = ["printenv", "A"];
    const given = ["1", "1", "2", "1"].map((A) => ({ A, PATH: process.env["PATH"] }));
    const lines = await Promise.all(given.map((environment) => linesOf(a, { environment })));
    expect(lines).toEqual([["stdout 1"], ["stdout 1"], ["stdout 2"], ["stdout 1"]]);
    process.env["A"] = "3";
    expect(await linesOf(a)).toEqual(["stdout 3"]);
    process.env["A"] = "4";
    expect(await linesOf(a)).toEqual(["stdout 4"]);
    delete process.env["A"];
  });

  it("the working directory is the given one", async () => {
    expect(await linesOf(node("console.log(process.cwd())"), { workingDirectory: folder })).toEqual([
      `stdout ${folder}`,
    ]);
  });

  it("stdin is empty", async () => {
    expect(await linesOf(["cat"])).toEqual([]);
  });

  it.each([[[]], [[""]], [["a\0b"]]])("%j is refused before anything starts", async (args) => {
    await expect(runProgram(args)).rejects.toThrow(UsageError);
  });
});

describe("the end of a program", () => {
  it("an exit code other than 0 is a failure that shows the last lines and not the arguments", async () => {
    const failure = runProgram(
      node("console.error('disk on fire'); process.exit(3)", "--", "--password=geheim"),
    );
    const error = await failure.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProgramError);
    expect(error).toMatchObject({ code: "PROGRAM_FAILED", exitCode: 3, signal: null });
    expect(String(error)).toContain("exit code 3");
    expect(String(error)).toContain("disk on fire");
    expect(String(error)).not.toContain("geheim");
  });

  it("an exit code that is declared a success is one", async () => {
    const result = await runProgram(node("process.exit(3)"), { successCodes: [0, 3] });
    expect(result).toEqual({ exitCode: 3, signal: null });
  });

  it("a signal is a failure that names it", async () => {
    const failure = runProgram(node("process.kill(process.pid, 'SIGKILL')"));
    await expect(failure).rejects.toMatchObject({
      code: "PROGRAM_FAILED",
      exitCode: null,
      signal: "SIGKILL",
    });
  });

  it("a program that does not exist is named with the cure", async () => {
    const failure = runProgram(["no-such-program-here"]);
    await expect(failure).rejects.toMatchObject({ code: "PROGRAM_NOT_STARTED" });
    await expect(failure).rejects.toThrow(/no-such-program-here.*PATH/s);
  });

  it("a file that is not executable is named with the cure", async () => {
    writeFileSync(join(folder, "plain"), "text");
    await expect(runProgram([join(folder, "plain")])).rejects.toThrow(/not executable/);
  });

  it("arguments that the system does not take are named with the cure", async () => {
    await expect(runProgram(["true", "x".repeat(2 ** 22)])).rejects.toThrow(/too long.*in a file/);
  });

  it("only the last lines of a long output are kept for the message", async () => {
    const failure = runProgram(
      node("for (let i = 0; i < 5000; i++) console.log('line', i); process.exitCode = 1"),
    );
    const message = await failure.catch((error: Error) => error.message);
    expect(message).toContain("line 4999");
    expect(message).not.toContain("line 4900\n");
  });
});

describe("output", () => {
  it("lines come as they are written, of both streams, split across pieces and without an end", async () => {
    const code =
      "process.stdout.write('eins\\nzw'); process.stdout.write('ei\\r\\ndrei'); console.error('err')";
    expect((await linesOf(node(code))).toSorted()).toEqual([
      "stderr err",
      "stdout drei",
      "stdout eins",
      "stdout zwei",
    ]);
  });

  it("goes into a target byte for byte", async () => {
    const output = new LocalTarget(join(folder, "bytes"));
    await runProgram(node("process.stdout.write(Buffer.from(Array.from({ length: 256 }, (_, i) => i)))"), {
      output,
    });
    expect([...(await output.readBytes())]).toEqual(Array.from({ length: 256 }, (_, i) => i));
  });

  it("of a program that fails leaves no target and no temporary file", async () => {
    const output = new LocalTarget(join(folder, "half"));
    await expect(runProgram(node("console.log('half'); process.exit(1)"), { output })).rejects.toThrow(
      /exit code 1/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it("ends the program when the target cannot take it", async () => {
    const output = new LocalTarget(join(folder, "is-a-directory"));
    await new LocalTarget(join(folder, "is-a-directory/file")).writeText("x");
    const pidFile = join(folder, "pid");
    const endless = `require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => console.log('x'), 1)`;
    await expect(runProgram(node(endless), { output })).rejects.toMatchObject({
      code: "TARGET_IS_DIRECTORY",
    });
    const written = await runProgram(["true"]).then(() => readdirSync(folder).includes("pid"));
    if (written) await until(() => !isAlive(Number(readFileSync(pidFile, "utf8"))));
  });
});

describe("an aborted signal", () => {
  const parentOfSleeper = `
    const child = require('child_process').spawn('sleep', ['600']);
    console.log(child.pid);
    setInterval(() => {}, 1000);`;

  it("ends the program and what it started, and its reason is the error", async () => {
    const abort = new AbortController();
    let grandchild = 0;
    const running = runProgram(node(parentOfSleeper), {
      signal: abort.signal,
      onLine: (line) => {
        grandchild = Number(line);
        abort.abort(new Error("no longer wanted"));
      },
    });
    await expect(running).rejects.toThrow("no longer wanted");
    await until(() => !isAlive(grandchild));
  });

  it("starts nothing when it was aborted before", async () => {
    const running = runProgram(node("require('fs').writeFileSync('started', '')"), {
      workingDirectory: folder,
      signal: AbortSignal.abort(new Error("too late")),
    });
    await expect(running).rejects.toThrow("too late");
    expect(readdirSync(folder)).toEqual([]);
  });
});
