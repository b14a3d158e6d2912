import { Param, type ParamType } from "./param.ts";

/**
 * Accepts `null`, too, which is the default where the parameter has no other. Empty text is `null`, and so is a value whose
 * text is empty: they could not be told apart in ids.
 */
export function optional<T>(param: Param<T>): Param<T | null, true> {
  const { type, batch, description, significant, visibility } = param;
  return new Param<T | null, true>(optionalType(type), {
    default: param.default ?? null,
    description,
    significant,
    visibility,
    ...(batch === undefined ? {} : { batch: (values) => batchOfSome(values, batch) }),
  });
}

function optionalType<T>(type: ParamType<T>): ParamType<T | null> {
  return {
    name: type.name,
    expects: `${type.expects}, or nothing`,
    ...(type.choices && { choices: type.choices }),
    parse: (text, context) => (text === "" ? null : type.parse(text, context)),
    serialize: (value) => (value === null ? "" : type.serialize(value)),
    normalize(value) {
      if (value === null) return null;
      const normal = type.normalize(value);
      return type.serialize(normal) === "" ? null : normal;
    },
  };
}

function batchOfSome<T>(values: readonly (T | null)[], batch: (values: readonly T[]) => T): T | null {
  const some = values.filter((value) => value !== null);
  return some.length === 0 ? null : batch(some);
}
