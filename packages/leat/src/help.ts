import type { ConcreteTaskClass, Param } from "@leat/core";
import type { Command } from "./command.ts";
import type { Flag } from "./flags.ts";

type Row = readonly [left: string, right: string];

export function generalHelp(commands: readonly Command[]): string {
  return [
    "Leat runs tasks that load, transform and move data.",
    "",
    "Usage: leat COMMAND [arguments]",
    "",
    ...table(commands.map(({ name, usage, description }) => [`${name} ${usage}`, description])),
    "",
    "leat COMMAND --help tells more, leat run MODULE TASK --help lists the parameters of a task.",
    "",
  ].join("\n");
}

/** Help for a command on a task; without a type, of the command alone. */
export function taskHelp(
  command: string,
  location: string | undefined,
  type: ConcreteTaskClass | undefined,
  names: ReadonlyMap<string, string>,
  flags: readonly Flag[],
): string {
  const usage = `Usage: leat ${command} ${location ?? "MODULE"} ${type?.family ?? "TASK"} [--param value …]`;
  return [
    usage,
    ...(type === undefined ? [] : paramSection(type, names)),
    "",
    "Flags:",
    ...flagRows(flags),
    "",
  ].join("\n");
}

export function flagRows(flags: readonly Flag[]): string[] {
  return table(
    flags.map(({ name, short, placeholder, description }) => {
      const alias = short === undefined ? "" : `-${short}, `;
      return [`${alias}--${name} ${placeholder ?? ""}`.trimEnd(), description];
    }),
  );
}

function paramSection(type: ConcreteTaskClass, names: ReadonlyMap<string, string>): string[] {
  const rows = Object.entries(type.params).map(([name, param]): Row => {
    const flag = [...names].find(([, target]) => target === name)?.[0] ?? name;
    const value = param.type.name === "bool" ? "" : ` ${param.type.name.toUpperCase()}`;
    return [`--${flag}${value}`, describeParam(param)];
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

export function table(rows: readonly Row[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
}
