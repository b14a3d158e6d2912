import { readFileSync } from "node:fs";
import { LeatError, UsageError } from "@leat/core";
import { notFoundMessage } from "@leat/worker";
import type { Command } from "./command.ts";
import { UNEXPECTED, USAGE } from "./exit-codes.ts";
import { generalHelp } from "./help.ts";
import { listCommand } from "./list-command.ts";
import { print } from "./output.ts";
import { planCommand } from "./plan-command.ts";
import { runCommand } from "./run-command.ts";

const COMMANDS: readonly Command[] = [runCommand, planCommand, listCommand];

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
  print(text);
  return 0;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}

/** Our errors say all in their message; for any other the stack tells where it comes from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return LeatError.is(error) ? error.message : (error.stack ?? error.message);
}
