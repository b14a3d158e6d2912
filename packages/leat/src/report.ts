import { LeatError, UsageError } from "@leat/core";
import { notFoundMessage } from "@leat/worker";
import type { Command } from "./command.ts";
import { UNEXPECTED, USAGE } from "./exit-codes.ts";
import { settingInForce, SETTINGS } from "./settings.ts";

/** Says on stderr what went wrong; `isVerbose`: with the places where it did. The result is the exit code. */
export function report(error: unknown, isVerbose: boolean): number {
  process.stderr.write(`leat: ${describe(error, isVerbose)}\n`);
  return LeatError.is(error) ? USAGE : unexpectedCode();
}

export function unknownCommand(name: string, commands: readonly Command[]): UsageError {
  const names = commands.map((candidate) => candidate.name);
  return new UsageError("COMMAND_UNKNOWN", `${notFoundMessage("command", name, names)} See leat --help.`);
}

/** What the configuration says, unless that is what is wrong. */
function unexpectedCode(): number {
  try {
    return settingInForce(SETTINGS.unhandledException);
  } catch {
    return UNEXPECTED;
  }
}

/** Our errors say all in their message; for any other the stack tells where it comes from. */
function describe(error: unknown, isVerbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (LeatError.is(error) && !isVerbose) return error.message;
  const cause =
    isVerbose && error.cause instanceof Error ? `\nCaused by: ${describe(error.cause, true)}` : "";
  return (error.stack ?? error.message) + cause;
}
