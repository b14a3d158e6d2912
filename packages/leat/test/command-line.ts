import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Configuration, useConfiguration } from "@leat/core";
import { afterEach, beforeEach } from "vitest";

/** A module with tasks of all sorts. */
export const TASKS = fileURLToPath(new URL("./fixtures/tasks.ts", import.meta.url));

/** What a command line said and ended with. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Write = typeof process.stdout.write;

const written = { stdout: "", stderr: "" };
const collect = (stream: keyof typeof written): Write =>
  ((text: string) => {
    written[stream] += text;
    return true;
  }) as Write;

const originals = { stdout: process.stdout.write, stderr: process.stderr.write };
// Before the command line is loaded: it keeps the way to stdout for itself.
process.stdout.write = collect("stdout");
const { main } = await import("../src/main.ts");
process.stdout.write = originals.stdout;

/** Carries out a command line in this process, which is faster than in one of its own. */
export async function leat(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  Object.assign(written, { stdout: "", stderr: "" });
  process.stderr.write = collect("stderr");
  Object.assign(process.env, env);
  try {
    const exitCode = await main(args);
    return { exitCode, ...written };
  } finally {
    process.stderr.write = originals.stderr;
    for (const name of Object.keys(env)) delete process.env[name];
    useConfiguration(new Configuration());
  }
}

/** A working directory that each test of a file finds empty; files are written into it by their paths. */
export function useDirectory(): (files: Readonly<Record<string, string>>) => void {
  const before = process.cwd();
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "leat-command-"));
    process.chdir(directory);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(directory, { recursive: true });
  });
  return (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  };
}
