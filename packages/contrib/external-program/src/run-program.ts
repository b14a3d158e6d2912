import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";
import { type FileTarget, UsageError } from "@leat/core";
import { LastLines } from "./last-lines.ts";
import type { StartedProgram } from "./launched-program.ts";
import { launcher } from "./launcher.ts";
import type { OutputName, ProgramEnd } from "./launcher-messages.ts";
import { ProgramError } from "./program-error.ts";

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
  readonly onLine?: (line: string, stream: OutputName) => void;
  /** Ends the program and all that it started: first by SIGTERM. */
  readonly signal?: AbortSignal;
  /** Time from SIGTERM to SIGKILL. Default 5. */
  readonly killAfterSeconds?: number;
}

export interface ProgramResult extends ProgramEnd {
  readonly exitCode: number;
}

/**
 * Runs a program without a shell: each argument reaches it as it is. It reads nothing from stdin. Over it is when it has ended;
 * what it left running in its process group is ended then, too.
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
  const started = await start(program, rest, options);
  const end = () => started.end(1000 * (options.killAfterSeconds ?? 5));
  options.signal?.addEventListener("abort", end);
  // It may have been aborted while the program was being started.
  if (options.signal?.aborted === true) end();
  try {
    return await followed(program, started, end, options);
  } finally {
    options.signal?.removeEventListener("abort", end);
  }
}

async function start(
  program: string,
  args: readonly string[],
  { environment = process.env, workingDirectory = process.cwd() }: ProgramOptions,
): Promise<StartedProgram> {
  try {
    return await launcher().start({ program, args, environment, workingDirectory });
  } catch (error) {
    throw ProgramError.notStarted(program, error as NodeJS.ErrnoException);
  }
}

async function followed(
  program: string,
  { stdout, stderr, ended }: StartedProgram,
  endProgram: () => void,
  options: ProgramOptions,
): Promise<ProgramResult> {
  const said = new LastLines(() => undefined);
  const { output, onLine, signal } = options;
  const takings = [readLines(stderr, "stderr", said, onLine)];
  if (output === undefined) takings.push(readLines(stdout, "stdout", said, onLine));
  const lines = Promise.allSettled(takings);
  const result = ended.then(async (end) => resultOf(program, end, await lines.then(() => said), options));
  if (output !== undefined) takings.push(output.writeFrom(untilSuccess(stdout, result)));
  // When its output cannot be taken, the program would wait for a reader for ever.
  for (const taking of takings) taking.catch(endProgram);
  // All have to settle first: then nothing of a failed program is left, neither processes nor temporary files.
  const [settled, ...taken] = await Promise.allSettled([result, ...takings]);
  const failed = taken.find(({ status }) => status === "rejected") ?? settled;
  if (signal?.aborted !== true && failed.status === "rejected") throw failed.reason;
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

function resultOf(
  program: string,
  { exitCode, signal }: ProgramEnd,
  { lines }: LastLines,
  options: ProgramOptions,
): ProgramResult {
  options.signal?.throwIfAborted();
  if (exitCode !== null && (options.successCodes ?? [0]).includes(exitCode)) return { exitCode, signal };
  throw ProgramError.failed(program, { exitCode, signal }, lines);
}

/** What the program writes, ending in an error unless it succeeds: so that a target does not take half of it for the whole. */
async function* untilSuccess(stdout: Readable, result: Promise<ProgramResult>): AsyncGenerator<Uint8Array> {
  yield* piecesOf(stdout);
  await result;
}

async function readLines(
  stream: Readable,
  name: OutputName,
  said: LastLines,
  onLine: ProgramOptions["onLine"],
): Promise<void> {
  const decoder = new StringDecoder("utf8");
  const own = new LastLines((line) => {
    said.add(`${line}\n`);
    onLine?.(line, name);
  });
  for await (const chunk of piecesOf(stream)) own.add(decoder.write(chunk));
  own.add(decoder.end());
  own.end();
}

/** What comes of a program, until it ends or, when something holds its output open after that, falls silent. */
async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
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
