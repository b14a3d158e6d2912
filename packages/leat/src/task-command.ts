import {
  canonicalKey,
  type ConcreteTaskClass,
  type ConfigLayer,
  Configuration,
  configurationInForce,
  type Task,
  UsageError,
  useConfiguration,
} from "@leat/core";
import { loadTaskModule, taskFromTexts, type TaskModule } from "@leat/worker";
import { withBuiltIns } from "./built-in-tasks.ts";
import { checkLayers, type ConfigRemark } from "./config-check.ts";
import { loadConfiguration } from "./configuration.ts";
import { type Flag, leadingPositionals, type ParsedFlags, parseFlags, refuseExtra } from "./flags.ts";
import { COMMON_FLAGS, isHelpWanted, showHelp, taskHelp } from "./help.ts";
import { classFlags, givenParams, localFlags, type ParamFlag } from "./param-flags.ts";
import { type Setting, settingFlags, settingsLayer } from "./settings.ts";

/** A command that works on one task of a module. */
export interface TaskCommandShape {
  readonly name: string;
  /** What stands after the task besides flags: `TO`. */
  readonly more?: string;
  readonly ownFlags: readonly Flag[];
  /** Settings that matter to it; each has a flag. */
  readonly settings?: readonly Setting<any>[];
}

/** What such a command gets. */
export interface TaskCommand {
  readonly module: TaskModule;
  readonly task: Task;
  readonly flags: ParsedFlags;
  /** What stands after the task besides flags. */
  readonly more: string | undefined;
  /** What the configuration says that nothing reads. */
  readonly remarks: readonly ConfigRemark[];
}

/** The flags of a task command, without those of every command. */
export function taskCommandFlags({ ownFlags, settings = [] }: TaskCommandShape): Flag[] {
  return [...ownFlags, ...settingFlags(settings)];
}

/**
 * Reads `MODULE TASK [flags]`: puts the configuration into force, loads the module, and makes the task from the flags of its
 * parameters. `undefined` when help was asked for, which is then on stdout.
 *
 * @throws UsageError for everything that is not as it should be
 */
export async function readTaskCommand(
  shape: TaskCommandShape,
  args: readonly string[],
): Promise<TaskCommand | undefined> {
  const own = [...taskCommandFlags(shape), ...COMMON_FLAGS];
  const [location] = leadingPositionals(args, own);
  if (location === undefined) return withoutTask(shape, args, own);
  const files = await loadConfiguration();
  const { module, family } = await findTask(location, args, own);
  if (family === undefined) return withoutTask(shape, args, own);
  const type = module.get(family);
  const local = localFlags(type, own);
  const flags = withoutShadowed([...own, ...classFlags(module.classes.values())], local);
  const parsed = parseFlags(args, [...local, ...flags]);
  if (isHelpWanted(parsed)) {
    showHelp(taskHelp(shape, parsed, { location, type, local, flags }));
    return undefined;
  }
  const [, , more] = parsed.positionals;
  if (shape.more !== undefined && more === undefined) throw missing(shape, shape.more);
  const cure = "Parameters are given as --name value, switches as --name or --name=false.";
  refuseExtra(parsed, shape.more === undefined ? 2 : 3, cure);
  useConfiguration(
    new Configuration([...files.layers, commandLineLayer(parsed, flags, shape.settings ?? [])]),
    { taskClass: (named) => module.get(named) },
  );
  const remarks = checkLayers(files.layers, module.classes);
  return { module, task: makeTask(module, type, parsed, local), flags: parsed, more, remarks };
}

interface FoundTask {
  readonly module: TaskModule;
  readonly family: string | undefined;
}

/** Flags of the classes of a module may stand before the task: what they take is no task. */
async function findTask(location: string, args: readonly string[], own: readonly Flag[]): Promise<FoundTask> {
  const module = await loadTaskModule(location);
  const familyIn = ({ classes }: TaskModule) =>
    leadingPositionals(args, [...own, ...classFlags(classes.values())])[1];
  const family = familyIn(module);
  if (family === undefined || module.classes.has(family)) return { module, family };
  const withRanges = await withBuiltIns(module);
  return { module: withRanges, family: familyIn(withRanges) };
}

/** A parameter of the task goes before a flag that help does not show. */
function withoutShadowed<F extends Flag>(flags: readonly F[], local: readonly Flag[]): F[] {
  const names = new Set(local.map(({ name }) => name));
  return flags.filter(({ name }) => !names.has(name));
}

function withoutTask(shape: TaskCommandShape, args: readonly string[], flags: readonly Flag[]): undefined {
  const parsed = parseFlags(args, flags);
  if (!isHelpWanted(parsed))
    throw missing(shape, parsed.positionals.length === 0 ? "a module and a task" : "a task");
  showHelp(taskHelp(shape, parsed, { flags }));
}

function missing({ name, more }: TaskCommandShape, what: string): UsageError {
  const usage = ["leat", name, "MODULE TASK", ...(more === undefined ? [] : [more]), "[--param value …]"];
  return new UsageError("FLAG_INVALID", `leat ${name} needs ${what}: ${usage.join(" ")}.`);
}

/** What flags say of settings, and of parameters of all tasks of a class. */
function commandLineLayer(
  parsed: ParsedFlags,
  flags: readonly Flag[],
  settings: readonly Setting<unknown>[],
): ConfigLayer {
  return settingsLayer(parsed, settings, givenParams(parsed, flags.filter(isParamFlag)));
}

function isParamFlag(flag: Flag): flag is ParamFlag {
  return "family" in flag;
}

function makeTask(
  module: TaskModule,
  type: ConcreteTaskClass,
  parsed: ParsedFlags,
  local: readonly ParamFlag[],
): Task {
  const texts = givenParams(parsed, local)[type.family] ?? {};
  refuseMissing(type, texts, local);
  return taskFromTexts(module, type.family, texts);
}

function refuseMissing(type: ConcreteTaskClass, texts: object, local: readonly ParamFlag[]): void {
  const { configuration } = configurationInForce();
  for (const [name, param] of Object.entries(type.params)) {
    if (param.hasDefault || name in texts || configuration.get(type.family, name) !== undefined) continue;
    const flag =
      local.find(({ param: named }) => named === name)?.name ?? `${type.family}-${canonicalKey(name)}`;
    const { expects, name: kind } = param.type;
    const message = `${type.family} needs --${flag}. Give ${expects}: --${flag} ${kind.toUpperCase()}.`;
    throw new UsageError("PARAMETER_MISSING", message);
  }
}
