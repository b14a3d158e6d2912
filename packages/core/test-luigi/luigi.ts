import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { luigiPrograms } from "@leat-internal/dev-servers";

/** What a task is to Luigi, or why it cannot be made. */
export interface Described {
  readonly id: string;
  readonly display: string;
  readonly texts: Readonly<Record<string, string>>;
  /** Texts of the values that follow, which summaries need. */
  readonly successors: Readonly<Record<string, string | null>>;
  readonly error?: string;
}

/** One Python process for all: tasks go in as lines of JSON, descriptions come out. */
export async function describeWithLuigi(tasks: readonly object[]): Promise<Described[]> {
  const script = join(import.meta.dirname, "luigi_tasks.py");
  const python = spawn(join(luigiPrograms(), "python"), [script], { stdio: ["pipe", "pipe", "inherit"] });
  const requests = Readable.from(tasks.map((task) => `${JSON.stringify(task)}\n`));
  const [lines, [exitCode]] = await Promise.all([
    text(python.stdout),
    once(python, "close") as Promise<[number]>,
    pipeline(requests, python.stdin),
  ]);
  if (exitCode !== 0) throw new Error(`Python ended with exit code ${exitCode}`);
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Described);
}
