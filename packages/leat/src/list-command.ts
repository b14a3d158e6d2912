import { canonicalKey, ConfigTask, type ConcreteTaskClass, UsageError } from "@leat/core";
import { loadTaskModule } from "@leat/worker";
import { loadConfiguration } from "./configuration.ts";
import type { Program } from "./command.ts";
import { type Flag, type ParsedFlags, parseFlags, refuseExtra, switchFlag } from "./flags.ts";
import { COMMON_FLAGS, commandHelp, describeParam, isHelpWanted, showHelp } from "./help.ts";
import { table } from "./table.ts";

const FLAGS: readonly Flag[] = [{ name: "json", description: "Print JSON instead of text." }];
const ALL_FLAGS = [...FLAGS, ...COMMON_FLAGS];

/** `leat list MODULE`: the tasks that a module exports, and their parameters. */
export const list: Program = { flags: FLAGS, execute };

async function execute(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, ALL_FLAGS);
  if (isHelpWanted(parsed)) showHelp(commandHelp("list MODULE", parsed, ALL_FLAGS));
  else showTypes(await loadTypes(parsed), switchFlag(parsed, "json"));
  return 0;
}

function showTypes(types: readonly ConcreteTaskClass[], isJson: boolean): void {
  showHelp(isJson ? [JSON.stringify(types.map(asJson), null, 2)] : types.flatMap(asText));
}

async function loadTypes(parsed: ParsedFlags): Promise<ConcreteTaskClass[]> {
  const [location] = parsed.positionals;
  if (location === undefined) {
    throw new UsageError("FLAG_INVALID", "leat list needs a module: leat list MODULE.");
  }
  refuseExtra(parsed, 1, "It lists one module.");
  // The code of the module may make tasks.
  await loadConfiguration();
  const { classes } = await loadTaskModule(location);
  if (classes.size === 0) {
    const message = `The module ${location} exports no tasks. Put "export" before their classes.`;
    throw new UsageError("TASK_NOT_FOUND", message);
  }
  return [...classes.values()].toSorted((a, b) => (a.family < b.family ? -1 : 1));
}

function asJson(type: ConcreteTaskClass) {
  const described = Object.entries(type.params).map(([name, param]) => ({
    name,
    flag: flagOf(type, name),
    type: param.type.name,
    required: !param.hasDefault,
    description: param.description,
  }));
  return { family: type.family, isConfig: ConfigTask.isConfigClass(type), parameters: described };
}

function asText(type: ConcreteTaskClass): string[] {
  const title = ConfigTask.isConfigClass(type) ? `${type.family} (settings)` : type.family;
  const rows = Object.entries(type.params).map(
    ([name, param]) => [flagOf(type, name), describeParam(param)] as const,
  );
  return [title, ...table(rows)];
}

/** Settings are no task that is run: their flag is that of the class. */
function flagOf(type: ConcreteTaskClass, name: string): string {
  const prefix = ConfigTask.isConfigClass(type) ? `${type.family.replaceAll("_", "-")}-` : "";
  return `--${prefix}${canonicalKey(name)}`;
}
