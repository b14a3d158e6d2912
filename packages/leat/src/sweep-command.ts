import { LeatError, type SweptOrphans, sweepOrphans, UsageError } from "@leat/core";
import { withoutControls } from "@leat/worker";
import type { Program } from "./command.ts";
import { isRemovalConfirmed } from "./confirm.ts";
import { type Flag, type ParsedFlags, parseFlags, switchFlag } from "./flags.ts";
import { COMMON_FLAGS, commandHelp, isHelpWanted, showHelp } from "./help.ts";
import { print } from "./output.ts";

const FLAGS: readonly Flag[] = [
  {
    name: "older-than",
    placeholder: "SECONDS",
    description: "Least time since something was written to it. Default 3600.",
  },
  {
    name: "other-machines",
    description:
      "Also what processes of other machines made, by its age alone: whether they live is not known here.",
  },
  { name: "yes", description: "Remove without asking." },
];
const ALL_FLAGS = [...FLAGS, ...COMMON_FLAGS];

/** `leat sweep DIRECTORY…`: removes temporary files and directories of processes that are gone. */
export const sweep: Program = { flags: FLAGS, execute };

async function execute(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, ALL_FLAGS);
  if (isHelpWanted(parsed)) {
    showHelp(commandHelp("sweep DIRECTORY…", parsed, ALL_FLAGS));
    return 0;
  }
  if (parsed.positionals.length === 0)
    throw new UsageError("FLAG_INVALID", "leat sweep needs a directory: leat sweep DIRECTORY….");
  const { removed: orphans, kept } = await sweepAll(parsed, true);
  for (const path of orphans) print(`${withoutControls(path)}\n`);
  for (const { path, reason } of kept) print(`${withoutControls(path)} stays: ${reason}\n`);
  if (orphans.length === 0) return say("There is nothing to remove.");
  if (!switchFlag(parsed, "yes") && !(await isRemovalConfirmed("sweep"))) return say("Nothing was removed.");
  const { removed } = await sweepAll(parsed, false);
  return say(`Removed ${removed.length}.`);
}

function say(text: string): 0 {
  print(`${text}\n`);
  return 0;
}

async function sweepAll(parsed: ParsedFlags, dryRun: boolean): Promise<SweptOrphans> {
  const options = {
    dryRun,
    olderThanSeconds: secondsOf(parsed),
    otherMachines: switchFlag(parsed, "other-machines"),
  };
  const swept: SweptOrphans[] = [];
  for (const directory of parsed.positionals) swept.push(await sweepOne(directory, options));
  return { removed: swept.flatMap(({ removed }) => removed), kept: swept.flatMap(({ kept }) => kept) };
}

async function sweepOne(
  directory: string,
  options: Parameters<typeof sweepOrphans>[1],
): Promise<SweptOrphans> {
  try {
    return await sweepOrphans(directory, options);
  } catch (error) {
    if (!LeatError.is(error)) throw error;
    const message = `Cannot sweep ${directory}: ${error.message} Give directories that can be read.`;
    throw new UsageError("FLAG_INVALID", message, { cause: error });
  }
}

function secondsOf({ values }: ParsedFlags): number {
  const text = values.get("older-than") ?? "3600";
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text);
  const message = `--older-than does not accept ${JSON.stringify(text)}. Give a number of seconds such as 60.`;
  throw new UsageError("FLAG_INVALID", message);
}
