import { UsageError } from "./errors.ts";
import type { Param } from "./param.ts";
import type { Task } from "./task.ts";
import type { ParamArgs, ParamShape } from "./task-types.ts";

type ValuesByPosition<P, Names extends readonly unknown[]> = {
  [I in keyof Names]: Names[I] extends keyof P ? (P[Names[I]] extends Param<infer T> ? T : never) : never;
};

type Remaining<P, Name> = Omit<ParamArgs<P>, Name & string>;

/** Values of the named parameters in their order, then an object with the others; that may be left out when they have defaults. */
type Positional<P, Names extends readonly unknown[]> =
  {} extends Remaining<P, Names[number]>
    ? [...ValuesByPosition<P, Names>, others?: Remaining<P, Names[number]>]
    : [...ValuesByPosition<P, Names>, others: Remaining<P, Names[number]>];

/**
 * Makes tasks of a class from values by position. The order is written down where it is used, so that a parameter that a base
 * class gets later does not change what values mean:
 * `const songs = byPosition(TopSongs, "date", "country"); songs(date, "se", { top: 5 })`.
 *
 * What it gives throws UsageError `PARAMETER_UNKNOWN` for more values than names, and what the constructor throws.
 */
export function byPosition<P extends ParamShape, T extends Task, const Names extends readonly (keyof P)[]>(
  type: { new (args?: any): T; readonly params: P; readonly family: string },
  ...names: Names
): (...values: Positional<P, Names>) => T {
  for (const name of names as readonly string[]) refuseUnknown(type, name);
  return (...given) => {
    const values: readonly unknown[] = given;
    if (values.length > names.length + 1) throw tooMany(type, names as readonly string[], values.length);
    const byName = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    return new type({ ...(values[names.length] as object | undefined), ...byName });
  };
}

type Named = { readonly params: ParamShape; readonly family: string };

function refuseUnknown({ params, family }: Named, name: string): void {
  if (Object.hasOwn(params, name)) return;
  const message = `${family} has no parameter "${name}". It takes ${Object.keys(params).join(", ")}.`;
  throw new UsageError("PARAMETER_UNKNOWN", message);
}

function tooMany({ family }: Named, names: readonly string[], count: number): UsageError {
  const message = `${family} takes ${names.join(", ")} by position, and then an object with the others; ${count} values were given.`;
  return new UsageError("PARAMETER_UNKNOWN", message);
}
