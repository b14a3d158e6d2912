import { readFileSync } from "node:fs";
import { LeatError, UsageError } from "@leat/core";
import { notFoundMessage } from "@leat/worker";
import type { Command } from "./command.ts";
import { generalHelp } from "./help.ts";
import { listCommand } from "./list-command.ts";
import { planCommand } from "./plan-command.ts";
import { runCommand } from "./run-command.ts";

const COMMANDS: readonly Command[] = [runCommand, planCommand, listCommand];

/** Exit codes beside those of a run: a wrong command line, and an error that nobody foresaw (as Luigi recommends). */
const USAGE = 2;
const UNEXPECTED = 40;

/** Carries out a command line. Resolves to the exit code; what goes wrong is said on stderr. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    process.stderr.write(`leat: ${describe(error)}\n`);
    return LeatError.is(error) ? USAGE : UNEXPECTED;
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help")
    return say(generalHelp(COMMANDS));
  if (name === "--version" || name === "-v") return say(`${version()}\n`);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command.execute(rest);
  const names = COMMANDS.map((candidate) => candidate.name);
  throw new UsageError("COMMAND_UNKNOWN", `${notFoundMessage("command", name, names)} See leat --help.`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

/** Our errors say all in their message; where they wrap one of a user's module, its stack tells the line. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!LeatError.is(error)) return error.stack ?? error.message;
  const isFromModule = error.code === "MODULE_INVALID" && error.cause instanceof Error;
  return isFromModule ? `${error.message}\n${(error.cause as Error).stack ?? ""}` : error.message;
}
