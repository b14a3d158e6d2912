import { type ConcreteTaskClass, type ParamShape, UsageError } from "@leat/core";
import { loadTaskModule } from "@leat/worker";
import type { Command } from "./command.ts";
import { type Flag, type ParsedFlags, parseFlags, refuseExtra, switchFlag } from "./flags.ts";
import { describeParam, flagRows, table } from "./help.ts";
import { print } from "./output.ts";
import { flagName, HELP } from "./task-command.ts";

const FLAGS: readonly Flag[] = [{ name: "json", description: "Print JSON instead of text." }, HELP];

/** `leat list MODULE`: the tasks that a module exports, and their parameters. */
export const listCommand: Command = {
  name: "list",
  usage: "MODULE",
  description: "List the tasks of a module and their parameters.",
  async execute(args) {
    const parsed = parseFlags(args, FLAGS);
    if (switchFlag(parsed, HELP.name))
      return say(["Usage: leat list MODULE", "", "Flags:", ...flagRows(FLAGS)]);
    const types = await loadTypes(parsed);
    if (switchFlag(parsed, "json")) return say([JSON.stringify(types.map(asJson), null, 2)]);
    return say(types.flatMap(({ family, params }) => [family, ...paramRows(params)]));
  },
};

async function loadTypes(parsed: ParsedFlags): Promise<ConcreteTaskClass[]> {
  const [location] = parsed.positionals;
  if (location === undefined) {
    throw new UsageError("FLAG_INVALID", "leat list needs a module: leat list MODULE.");
  }
  refuseExtra(parsed, 1, "It lists one module.");
  const { classes } = await loadTaskModule(location);
  if (classes.size === 0) {
    const message = `The module ${location} exports no tasks. Put "export" before their classes.`;
    throw new UsageError("TASK_NOT_FOUND", message);
  }
  return [...classes.values()].toSorted((a, b) => (a.family < b.family ? -1 : 1));
}

function asJson({ family, params }: ConcreteTaskClass) {
  const described = Object.entries(params).map(([name, { type, hasDefault, description }]) => ({
    name,
    flag: `--${flagName(name)}`,
    type: type.name,
    required: !hasDefault,
    description,
  }));
  return { family, parameters: described };
}

function paramRows(params: ParamShape): string[] {
  return table(Object.entries(params).map(([name, param]) => [`--${flagName(name)}`, describeParam(param)]));
}

function say(lines: readonly string[]): number {
  print(`${lines.join("\n")}\n`);
  return 0;
}
