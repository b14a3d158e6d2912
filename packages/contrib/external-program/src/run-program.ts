import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import { type FileTarget, UsageError } from "@leat/core";
import { LastLines } from "./last-lines.ts";
import { endGroup, endWithThisProcess } from "./process-group.ts";
import { type ProgramEnd, ProgramError } from "./program-error.ts";

export interface ProgramOptions {
  /** The whole environment of the program. Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: that of this process. */
  readonly workingDirectory?: string | undefined;
  /** Exit codes that mean success. Default `[0]`. */
  readonly successCodes?: readonly number[];
  /** Takes what the program writes to stdout; the file appears when the program has succeeded, and only then. */
  readonly output?: FileTarget | undefined;
  /** Hears each line of stdout (unless `output` takes it) and stderr, without its end. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Ends the program and all that it started. */
  readonly signal?: AbortSignal;
}

export interface ProgramResult extends ProgramEnd {
  readonly exitCode: number;
}

/**
 * Runs a program without a shell: each argument reaches it as it is. It reads nothing from stdin.
 *
 * @param args the program, by path or by name on PATH, and its arguments
 * @throws ProgramError `PROGRAM_FAILED`, `PROGRAM_NOT_STARTED`; the reason of `signal` when that was aborted
 */
export async function runProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [program, ...rest] = checked(args);
  options.signal?.throwIfAborted();
  const child = spawn(program, rest, {
    env: { ...(options.environment ?? process.env) },
    cwd: options.workingDirectory,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that what the program starts can be ended with it.
    detached: true,
  });
  endWithThisProcess(child);
  const end = () => endGroup(child);
  options.signal?.addEventListener("abort", end);
  try {
    return await followed(program, child, options);
  } finally {
    options.signal?.removeEventListener("abort", end);
  }
}

async function followed(program: string, child: Spawned, options: ProgramOptions): Promise<ProgramResult> {
  const said = new LastLines(() => undefined);
  const { output, onLine } = options;
  const ended = endOf(program, child, said, options);
  const taken = [
    output === undefined
      ? readLines(child.stdout, "stdout", said, onLine)
      : output.writeFrom(untilSuccess(child.stdout, ended)),
    readLines(child.stderr, "stderr", said, onLine),
  ];
  // When its output cannot be taken, the program would wait for a reader for ever.
  for (const taking of taken) taking.catch(() => endGroup(child));
  // All have to settle first: then nothing of a failed program is left, neither processes nor temporary files.
  const [end, ...takings] = await Promise.allSettled([ended, ...taken]);
  const failed = takings.find((settled) => settled.status === "rejected") ?? end;
  if (options.signal?.aborted !== true && failed.status === "rejected") throw failed.reason;
  if (end.status === "rejected") throw end.reason;
  return end.value;
}

type Spawned = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

async function endOf(
  program: string,
  child: Spawned,
  said: LastLines,
  options: ProgramOptions,
): Promise<ProgramResult> {
  const [exitCode, signal] = await closed(program, child);
  options.signal?.throwIfAborted();
  if (exitCode !== null && (options.successCodes ?? [0]).includes(exitCode)) return { exitCode, signal };
  throw ProgramError.failed(program, { exitCode, signal }, said.lines);
}

/** Waits until the program has ended and all its output was read. */
async function closed(program: string, child: Spawned): Promise<[number | null, NodeJS.Signals | null]> {
  try {
    return (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  } catch (error) {
    throw ProgramError.notStarted(program, error as NodeJS.ErrnoException);
  }
}

/** What the program writes, ending in an error unless it succeeds: so that a target does not take half of it for the whole. */
async function* untilSuccess(stdout: Readable, ended: Promise<ProgramResult>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stdout) yield chunk as Uint8Array;
  await ended;
}

async function readLines(
  stream: Readable,
  name: "stdout" | "stderr",
  said: LastLines,
  onLine: ProgramOptions["onLine"],
): Promise<void> {
  const decoder = new StringDecoder("utf8");
  const own = new LastLines((line) => {
    said.add(`${line}\n`);
    onLine?.(line, name);
  });
  for await (const chunk of stream) own.add(decoder.write(chunk as Buffer));
  own.add(decoder.end());
  own.end();
}

function checked(args: readonly string[]): [string, ...string[]] {
  const [program, ...rest] = args;
  const bad = args.find((arg) => typeof arg !== "string" || arg.includes("\0"));
  if (program === undefined || program === "" || bad !== undefined) {
    const found = bad === undefined ? "no program" : `the argument ${JSON.stringify(bad)}`;
    throw new UsageError(
      "PROGRAM_INVALID",
      `A program was given with ${found}. Give the program and its arguments as texts.`,
    );
  }
  return [program, ...rest];
}
