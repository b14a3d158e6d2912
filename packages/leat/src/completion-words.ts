import { ConfigTask, type ConcreteTaskClass } from "@leat/core";
import { loadTaskModule, type TaskModule, withoutControls } from "@leat/worker";
import { withBuiltIns } from "./built-in-tasks.ts";
import { COMMANDS } from "./commands.ts";
import { SHELLS } from "./completion-command.ts";
import { loadConfiguration } from "./configuration.ts";
import { type Flag, leadingPositionals } from "./flags.ts";
import { COMMON_FLAGS } from "./help.ts";
import { classFlags, localFlags, type ParamFlag } from "./param-flags.ts";
import { SETTINGS } from "./settings.ts";

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly text: string;
  readonly description: string;
}

/**
 * Candidates for the last of the words after `leat`, which may be empty or half written; none where only files fit.
 *
 * A module that cannot be loaded gives none: a shell is no place for its errors.
 */
export async function candidatesFor(typed: readonly string[]): Promise<Candidate[]> {
  const current = typed.at(-1) ?? "";
  const candidates = typed.length <= 1 ? commandWords() : await afterCommand(typed);
  return candidates.filter(({ text }) => text.startsWith(current));
}

function commandWords(): Candidate[] {
  return COMMANDS.map(({ name, description }) => ({ text: name, description }));
}

async function afterCommand([name = "", ...typed]: readonly string[]): Promise<Candidate[]> {
  if (name === "completion") return wordsOf(SHELLS);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) return [];
  const own = [...(await command.load()).flags, ...COMMON_FLAGS];
  const before = typed.slice(0, -1);
  const module = await moduleOf(leadingPositionals(before, own)[0]);
  const classes = [...(module?.classes.values() ?? [])];
  const [, family] = leadingPositionals(before, [...own, ...classFlags(classes)]);
  const type = classes.find((candidate) => candidate.family === family);
  const local = type === undefined ? [] : localFlags(type, own);
  const flags = [...local, ...own, ...classFlags(classes)];
  const open = openFlag(typed, flags);
  if (open !== undefined) return valuesOf(open, classes);
  if (typed.at(-1)?.startsWith("-") || family !== undefined) return flagWords(flags, typed.at(-1) ?? "");
  return command.usage.startsWith("MODULE ") && module !== undefined ? taskWords(classes) : [];
}

async function moduleOf(location: string | undefined): Promise<TaskModule | undefined> {
  if (location === undefined) return undefined;
  try {
    await loadConfiguration();
    return await withBuiltIns(await loadTaskModule(location));
  } catch {
    return undefined;
  }
}

/** The flag before the cursor that wants a value. */
function openFlag(typed: readonly string[], flags: readonly Flag[]): Flag | undefined {
  const last = typed.at(-2) ?? "";
  return flags.find(({ name, placeholder }) => placeholder !== undefined && last === `--${name}`);
}

function valuesOf(flag: Flag | ParamFlag, classes: readonly ConcreteTaskClass[]): Candidate[] {
  if ("param" in flag) {
    const type = classes.find(({ family }) => family === flag.family)?.params[flag.param]?.type;
    return type?.name === "taskClass" ? taskWords(classes) : wordsOf(type?.choices ?? []);
  }
  if (flag.name === "force") return taskWords(classes);
  const setting = Object.values(SETTINGS).find(({ flag: name }) => name === flag.name);
  const [, choices = ""] = /^one of (.*)$/.exec(setting?.expects ?? "") ?? [];
  return choices === "" ? [] : wordsOf(choices.split(", "));
}

/** Flags that help does not show are offered once their beginning is typed. */
function flagWords(flags: readonly Flag[], current: string): Candidate[] {
  const shown = flags.filter(({ isHidden }) => isHidden !== true || current.length > "--".length);
  return shown.map(({ name, description }) => ({
    text: `--${name}`,
    description: withoutControls(description),
  }));
}

/** Settings are no tasks that are run. */
function taskWords(classes: readonly ConcreteTaskClass[]): Candidate[] {
  return wordsOf(classes.filter((type) => !ConfigTask.isConfigClass(type)).map(({ family }) => family));
}

function wordsOf(texts: readonly string[]): Candidate[] {
  return texts.map((text) => ({ text, description: "" }));
}
