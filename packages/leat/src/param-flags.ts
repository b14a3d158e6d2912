import { canonicalKey, type ConcreteTaskClass } from "@leat/core";
import type { Flag, ParsedFlags } from "./flags.ts";

/** A flag that gives a value to a parameter. */
export interface ParamFlag extends Flag {
  readonly family: string;
  readonly param: string;
}

/** `--Family-param` for all parameters of classes: values for every task of the class that is not given its own. */
export function classFlags(classes: Iterable<ConcreteTaskClass>): ParamFlag[] {
  return [...classes].flatMap((type) => {
    // As in Luigi: dashes for underscores, dots stay.
    const prefix = type.family.replaceAll("_", "-");
    return paramFlags(type, (name) => `${prefix}-${canonicalKey(name)}`, true);
  });
}

/** `--param` for the parameters of the task that is asked for, but for names that are taken by visible flags. */
export function localFlags(type: ConcreteTaskClass, taken: readonly Flag[]): ParamFlag[] {
  const names = new Set(taken.filter(({ isHidden }) => isHidden !== true).map(({ name }) => name));
  return paramFlags(type, canonicalKey, false).filter(({ name }) => !names.has(name));
}

function paramFlags(
  { family, params }: ConcreteTaskClass,
  nameOf: (param: string) => string,
  isHidden: boolean,
): ParamFlag[] {
  return Object.entries(params).map(([param, { type, description }]) => ({
    name: nameOf(param),
    // A switch takes no value.
    ...(type.name === "bool" ? {} : { placeholder: type.name.toUpperCase() }),
    description,
    isHidden,
    family,
    param,
  }));
}

/** Texts by key, by section. */
export type TextSections = Record<string, Record<string, string>>;

/** Texts of the flags that were given, by parameter, by family. */
export function givenParams({ values }: ParsedFlags, flags: readonly ParamFlag[]): TextSections {
  const sections: TextSections = {};
  for (const { name, family, param } of flags) {
    const text = values.get(name);
    if (text !== undefined) (sections[family] ??= {})[param] = text;
  }
  return sections;
}
