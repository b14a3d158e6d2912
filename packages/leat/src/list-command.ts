import { type ConcreteTaskClass, type ParamShape, UsageError } from "@leat/core";
import { loadTaskModule } from "@leat/worker";
import type { Command } from "./command.ts";
import { type Flag, parseFlags, switchFlag } from "./flags.ts";
import { describeParam, table } from "./help.ts";
import { flagName } from "./task-command.ts";

const FLAGS: readonly Flag[] = [
  { name: "json", description: "Print JSON instead of text." },
  { name: "help", description: "Show this help." },
];

/** `leat list MODULE`: the tasks that a module exports, and their parameters. */
export const listCommand: Command = {
  name: "list",
  usage: "MODULE",
  description: "List the tasks of a module and their parameters.",
  async execute(args) {
    const parsed = parseFlags(args, FLAGS);
    const [location] = parsed.positionals;
    if (switchFlag(parsed, "help")) return print(["Usage: leat list MODULE", "", "Flags:", ...flagRows()]);
    if (location === undefined)
      throw new UsageError("FLAG_INVALID", "leat list needs a module: leat list MODULE.");
    const { classes } = await loadTaskModule(location);
    const types = [...classes.values()].toSorted((a, b) => (a.family < b.family ? -1 : 1));
    if (switchFlag(parsed, "json")) return print([JSON.stringify(types.map(asJson), null, 2)]);
    return print(types.flatMap(({ family, params }) => [family, ...paramRows(params)]));
  },
};

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

function flagRows(): string[] {
  return table(FLAGS.map(({ name, description }) => [`--${name}`, description]));
}

function print(lines: readonly string[]): number {
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}
