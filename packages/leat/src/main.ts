import type { Program } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { generalHelp } from "./general-help.ts";
import { print } from "./output.ts";
import { version } from "./version.ts";

/** Carries out a command line. Resolves to the exit code; what goes wrong is said on stderr. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    // Loaded now: a command line that is well loads no more than it needs.
    const { report } = await import("./report.ts");
    return report(error, args.includes("--verbose"));
  }
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help")
    return say(generalHelp(COMMANDS));
  if (name === "--version" || name === "-v") return say([version()]);
  const program = await programNamed(name);
  try {
    return await program.execute(rest);
  } finally {
    const { closePlugins } = await import("@leat/core");
    await closePlugins();
  }
}

function say(lines: readonly string[]): number {
  print(`${lines.join("\n")}\n`);
  return 0;
}

async function programNamed(name: string): Promise<Program> {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return command.load();
  const { unknownCommand } = await import("./report.ts");
  throw unknownCommand(name, COMMANDS);
}
