import { type ConcreteTaskClass, type Json, type Param, type Task, UsageError } from "@leat/core";

/** The task that a range requires for each of its moments. */
export interface RangedTask {
  readonly type: ConcreteTaskClass;
  /** Values of its other parameters, by name. A text is read as on the command line. */
  readonly params: { readonly [name: string]: Json };
  /** Parameter that gets the moment; `null` means the first one that accepts it and has no value among `params`. */
  readonly paramName: string | null;
}

/** A function that makes the task of a moment. @throws UsageError `PARAMETER_UNKNOWN`, `PARAMETER_INVALID` */
export function taskMaker(ranged: RangedTask, sample: unknown): (moment: unknown) => Task {
  const { type } = ranged;
  const name = momentParam(ranged, sample);
  const args = argsOf(ranged);
  return (moment) => new type({ ...args, [name]: moment });
}

function momentParam({ type, params, paramName }: RangedTask, sample: unknown): string {
  const { family, params: declared } = type;
  if (paramName !== null) {
    if (Object.hasOwn(declared, paramName)) return paramName;
    throw new UsageError("PARAMETER_UNKNOWN", `${family} has no parameter "${paramName}". ${known(type)}`);
  }
  const found = Object.entries(declared).find(
    ([name, param]) => !Object.hasOwn(params, name) && accepts(param, sample),
  );
  if (found !== undefined) return found[0];
  const message = `${family} has no parameter that accepts ${String(sample)}. Declare one, or choose a range of another unit.`;
  throw new UsageError("PARAMETER_INVALID", message);
}

function accepts({ type }: Param<any>, value: unknown): boolean {
  try {
    type.normalize(value);
    return true;
  } catch {
    return false;
  }
}

function argsOf({ type, params }: RangedTask): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const param = type.params[name];
      const isText = param !== undefined && typeof value === "string";
      return [name, isText ? param.parse(value, `${type.family}.${name}`) : value];
    }),
  );
}

function known({ params }: ConcreteTaskClass): string {
  const names = Object.keys(params).join(", ");
  return names === "" ? "It takes no parameters." : `It takes ${names}.`;
}
