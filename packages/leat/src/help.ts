import type { ConcreteTaskClass, Param } from "@leat/core";
import { type Flag, type ParsedFlags, switchFlag } from "./flags.ts";
import { print } from "./output.ts";
import type { ParamFlag } from "./param-flags.ts";
import { type Row, table } from "./table.ts";

/** Flags of every command. */
export const COMMON_FLAGS: readonly Flag[] = [
  { name: "help", short: "h", description: "Show this help." },
  { name: "help-all", description: "Show all flags, also those for every task of a class.", isHidden: true },
  { name: "verbose", description: "Show where errors come from.", isHidden: true },
];

export function isHelpWanted(parsed: ParsedFlags): boolean {
  return switchFlag(parsed, "help") || switchFlag(parsed, "help-all");
}

export function showHelp(lines: readonly string[]): void {
  print(`${lines.join("\n")}\n`);
}

/** Help of a command that is not about one task. */
export function commandHelp(usage: string, parsed: ParsedFlags, flags: readonly Flag[]): string[] {
  return [`Usage: leat ${usage}`, ...flagSection(parsed, flags)];
}

/** What help on a task command knows: without a task, it is of the command alone. */
interface TaskHelp {
  readonly location?: string;
  readonly type?: ConcreteTaskClass;
  readonly local?: readonly ParamFlag[];
  readonly flags: readonly Flag[];
}

export function taskHelp(
  { name, more }: { readonly name: string; readonly more?: string },
  parsed: ParsedFlags,
  { location = "MODULE", type, local = [], flags }: TaskHelp,
): string[] {
  const words = ["leat", name, location, type?.family ?? "TASK", ...(more === undefined ? [] : [more])];
  return [
    `Usage: ${words.join(" ")} [--param value …]`,
    ...(type === undefined ? [] : paramSection(type, local)),
    ...flagSection(parsed, flags),
  ];
}

function flagSection(parsed: ParsedFlags, flags: readonly Flag[]): string[] {
  const isAll = switchFlag(parsed, "help-all");
  const shown = flags.filter(({ isHidden }) => isAll || isHidden !== true);
  const hint = isAll ? [] : ["", "--help-all shows all flags."];
  return ["", "Flags:", ...table(shown.map(flagRow)), ...(shown.length < flags.length ? hint : [])];
}

function flagRow({ name, short, placeholder, description }: Flag): Row {
  const alias = short === undefined ? "" : `-${short}, `;
  return [`${alias}--${name} ${placeholder ?? ""}`.trimEnd(), description];
}

function paramSection({ family, params }: ConcreteTaskClass, local: readonly ParamFlag[]): string[] {
  const rows = Object.entries(params).map(([name, param]): Row => {
    const flag = local.find((candidate) => candidate.param === name);
    const value = flag?.placeholder === undefined ? "" : ` ${flag.placeholder}`;
    return [`--${flag?.name ?? `${family}-${name}`}${value}`, describeParam(param)];
  });
  return rows.length === 0 ? ["", "The task has no parameters."] : ["", "Parameters:", ...table(rows)];
}

/** `Day to load. Accepts a date such as 2026-11-20. Default 10.` */
export function describeParam(param: Param<unknown>): string {
  const text = param.description === "" ? "" : `${param.description.replace(/\.?$/, ".")} `;
  const isSecret = param.visibility === "private";
  const fallback = param.hasDefault
    ? `Default ${isSecret ? "***" : param.type.serialize(param.default)}.`
    : "Required.";
  return `${text}Accepts ${param.type.expects}. ${fallback}`;
}
