import { configurationInForce } from "./configuration.ts";
import { UsageError } from "./errors.ts";
import type { Task } from "./task.ts";
import type { AnyTaskClass, ParamShape } from "./task-types.ts";

/** The values of the parameters that a task shares with a class. */
export function sharedParams(source: Task, params: ParamShape): Record<string, unknown> {
  const names = Object.keys((source.constructor as typeof Task).params).filter((name) =>
    Object.hasOwn(params, name),
  );
  return Object.fromEntries(
    names.map((name) => [name, (source as unknown as Record<string, unknown>)[name]]),
  );
}

/** @throws UsageError `PARAMETER_UNKNOWN` */
export function refuseUnknown(family: string, declared: ParamShape, args: {}): void {
  for (const name in args) {
    if (Object.hasOwn(declared, name)) continue;
    const known = Object.keys(declared).join(", ");
    const cure = known === "" ? "It takes no parameters." : `It takes ${known}.`;
    throw new UsageError("PARAMETER_UNKNOWN", `${family} has no parameter "${name}". ${cure}`);
  }
}

/**
 * What is given, else what the configuration says, else the default.
 *
 * @throws UsageError `PARAMETER_MISSING`, `PARAMETER_INVALID`
 */
export function valueOf(param: ParamShape[string], given: unknown, family: string, name: string): unknown {
  if (given !== undefined) return param.check(given, `${family}.${name}`);
  const configured = configuredValue(param, family, name);
  if (configured !== undefined) return configured;
  if (param.default !== undefined) return param.default;
  throw new UsageError(
    "PARAMETER_MISSING",
    `Parameter ${family}.${name} has no value and no default. Give ${param.type.expects}.`,
  );
}

function configuredValue(param: ParamShape[string], family: string, name: string): unknown {
  const { configuration, context } = configurationInForce();
  const entry = configuration.get(family, name);
  if (entry === undefined) return undefined;
  const label = `${family}.${name} (from ${entry.origin})`;
  if (typeof entry.value === "string") return param.parse(entry.value, label, context);
  return param.check(entry.value, label);
}

/** Members of `Task` that its prototype does not have. */
const NOT_IN_PROTOTYPE = ["id", "output", "run"];

/** @throws UsageError `PARAMETER_DECLARATION_INVALID` for a name that is no identifier or that the class has a member of */
export function refuseReserved(name: string, base: AnyTaskClass & { readonly params: ParamShape }): void {
  const isMember = name in base.prototype || NOT_IN_PROTOTYPE.includes(name);
  const isTaken = isMember && !Object.hasOwn(base.params, name);
  if (!isTaken && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return;
  const reason = isTaken ? `${base.name} has a member of this name` : "it is not an identifier";
  throw new UsageError(
    "PARAMETER_DECLARATION_INVALID",
    `No parameter can be named "${name}": ${reason}. Choose another name.`,
  );
}
