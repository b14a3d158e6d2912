import { type ConcreteTaskClass, type Task, UsageError } from "@leat/core";
import { loadTaskModule, taskFromTexts, type TaskModule } from "@leat/worker";
import { type Flag, leadingPositionals, type ParsedFlags, parseFlags, refuseExtra } from "./flags.ts";
import { taskHelp } from "./help.ts";
import { print } from "./output.ts";

/** What a command gets that works on one task of a module. */
export interface TaskCommand {
  readonly module: TaskModule;
  readonly task: Task;
  readonly flags: ParsedFlags;
}

export const HELP: Flag = { name: "help", short: "h", description: "Show this help." };

/**
 * Reads `MODULE TASK [flags]`: loads the module, and makes the task from the flags of its parameters. `undefined` when help
 * was asked for, which is then on stdout.
 *
 * @throws UsageError for everything that is not as it should be
 */
export async function readTaskCommand(
  command: string,
  args: readonly string[],
  ownFlags: readonly Flag[],
): Promise<TaskCommand | undefined> {
  const flags = [...ownFlags, HELP];
  const [location, family] = leadingPositionals(args, flags);
  if (location === undefined || family === undefined) return withoutTask(command, args, flags);
  const module = await loadTaskModule(location);
  const type = module.get(family);
  const params = paramFlags(type, flags);
  const parsed = parseFlags(args, [...flags, ...params.flags]);
  if (parsed.values.get(HELP.name) === "true")
    return showHelp(taskHelp(command, location, type, params.names, flags));
  refuseExtra(parsed, 2, "Parameters are given as --name value, switches as --name or --name=false.");
  return { module, task: makeTask(module, type, params.names, parsed), flags: parsed };
}

function withoutTask(command: string, args: readonly string[], flags: readonly Flag[]): undefined {
  const parsed = parseFlags(args, flags);
  if (parsed.values.get(HELP.name) === "true")
    return showHelp(taskHelp(command, undefined, undefined, new Map(), flags));
  const missing = parsed.positionals.length === 0 ? "a module and a task" : "a task";
  throw new UsageError(
    "FLAG_INVALID",
    `leat ${command} needs ${missing}: leat ${command} MODULE TASK [--param value …].`,
  );
}

function showHelp(text: string): undefined {
  print(text);
}

/** Flags of a task, with the parameter that each one sets. */
interface ParamFlags {
  readonly flags: readonly Flag[];
  /** Parameter by flag: each has two, `--top` and `--TopSongs-top`. */
  readonly names: ReadonlyMap<string, string>;
}

function paramFlags(type: ConcreteTaskClass, taken: readonly Flag[]): ParamFlags {
  const names = new Map<string, string>();
  const flags: Flag[] = [];
  for (const [name, param] of Object.entries(type.params)) {
    const short = flagName(name);
    // A parameter with the name of a flag of the command keeps its long form.
    const forms = [short, `${type.family}-${short}`].filter(
      (form) => !taken.some((flag) => flag.name === form),
    );
    for (const form of forms) {
      names.set(form, name);
      const isSwitch = param.type.name === "bool";
      flags.push({
        name: form,
        description: param.description,
        ...(isSwitch ? {} : { placeholder: param.type.name }),
      });
    }
  }
  return { flags, names };
}

/** `minCount` and `min_count` → `min-count` */
export function flagName(param: string): string {
  return param
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

function makeTask(
  module: TaskModule,
  type: ConcreteTaskClass,
  names: ReadonlyMap<string, string>,
  { values }: ParsedFlags,
): Task {
  const texts: Record<string, string> = {};
  for (const [flag, text] of values) {
    const name = names.get(flag);
    if (name !== undefined) texts[name] = text;
  }
  for (const [name, param] of Object.entries(type.params)) {
    if (param.hasDefault || name in texts) continue;
    const flag = [...names].find(([, target]) => target === name)?.[0] ?? flagName(name);
    const message = `${type.family} needs --${flag}. Give ${param.type.expects}: --${flag} ${param.type.name.toUpperCase()}.`;
    throw new UsageError("PARAMETER_MISSING", message);
  }
  return taskFromTexts(module, type.family, texts);
}
