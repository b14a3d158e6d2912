/** A JSON Schema, as OpenAPI 3.1 has it. */
type JsonSchema = { readonly [keyword: string]: unknown };

/** Says what values are accepted: to the checker, in the OpenAPI document, and to the compiler. */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** Throws a `SchemaError` for a value that is not a `T`. `path` leads to the value and begins its message. */
  readonly check: (value: unknown, path: string) => void;
  /** For the compiler only. */
  readonly type?: (value: T) => T;
}

type TypeOf<S> = S extends Schema<infer T> ? T : never;

/** A value is not what a schema wants. The message names its place, what it is and what would be accepted. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}

type Shape = { readonly [name: string]: Schema<any> };
type ObjectOf<R extends Shape, O extends Shape> = { readonly [K in keyof R]: TypeOf<R[K]> } & {
  readonly [K in keyof O]?: TypeOf<O[K]>;
};

export const text = (): Schema<string> => ({
  json: { type: "string" },
  check: (value, path) => {
    if (typeof value !== "string") refuse(path, "a text", value);
  },
});

/** A text of at least one character. */
export const id = (): Schema<string> => ({
  json: { type: "string", minLength: 1 },
  check: (value, path) => {
    if (typeof value !== "string" || value === "") refuse(path, "a text that is not empty", value);
  },
});

export const flag = (): Schema<boolean> => ({
  json: { type: "boolean" },
  check: (value, path) => {
    if (typeof value !== "boolean") refuse(path, "true or false", value);
  },
});

export const number = (minimum?: number): Schema<number> => ({
  json: { type: "number", ...(minimum === undefined ? {} : { minimum }) },
  check: (value, path) => {
    if (typeof value === "number" && Number.isFinite(value) && value >= (minimum ?? -Infinity)) return;
    refuse(path, minimum === undefined ? "a number" : `a number of at least ${minimum}`, value);
  },
});

export const integer = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Schema<number> => ({
  json: { type: "integer", minimum, maximum },
  check: (value, path) => {
    if (Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum) return;
    const bound =
      maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
    refuse(path, `an integer ${bound}`, value);
  },
});

export const oneOf = <const T extends string | number>(...values: readonly T[]): Schema<T> => ({
  json: { enum: values },
  check: (value, path) => {
    if (!values.includes(value as T)) refuse(path, `one of ${values.join(", ")}`, value);
  },
});

/** A text, a number, a truth value, or nothing. */
export const scalar = (): Schema<string | number | boolean | null> => ({
  json: { type: ["string", "number", "boolean", "null"] },
  check: (value, path) => {
    if (value !== null && !["string", "number", "boolean"].includes(typeof value)) {
      refuse(path, "a text, a number, true, false or null", value);
    }
  },
});

export const list = <T>(item: Schema<T>): Schema<readonly T[]> => ({
  json: { type: "array", items: item.json },
  check: (value, path) => {
    if (!Array.isArray(value)) refuse(path, "a list", value);
    for (let index = 0; index < value.length; index++) item.check(value[index], `${path}[${index}]`);
  },
});

/** An object whose members all have the same kind of value, whatever their names. */
export const map = <T>(item: Schema<T>): Schema<{ readonly [name: string]: T }> => ({
  json: { type: "object", additionalProperties: item.json },
  check: (value, path) => {
    if (!isObject(value)) refuse(path, "an object", value);
    for (const name of Object.keys(value)) item.check(value[name], `${path}.${name}`);
  },
});

/** An object with these members and no others. */
export function object<R extends Shape, O extends Shape = {}>(
  required: R,
  optional: O = {} as O,
): Schema<ObjectOf<R, O>> {
  const all: ReadonlyMap<string, Schema<unknown>> = new Map(Object.entries({ ...required, ...optional }));
  const needed = Object.keys(required);
  return {
    json: {
      type: "object",
      properties: Object.fromEntries([...all].map(([name, { json }]) => [name, json])),
      ...(needed.length === 0 ? {} : { required: needed }),
      additionalProperties: false,
    },
    check: (value, path) => {
      if (!isObject(value)) refuse(path, "an object", value);
      for (const name of needed)
        if (!Object.hasOwn(value, name)) throw new SchemaError(`${path}.${name} is missing.`);
      checkMembers(value, all, path);
    },
  };
}

function checkMembers(value: JsonObject, all: ReadonlyMap<string, Schema<unknown>>, path: string): void {
  for (const name of Object.keys(value)) {
    const member = all.get(name);
    if (member === undefined) {
      throw new SchemaError(`${path}.${name} is not known. Known are ${[...all.keys()].join(", ")}.`);
    }
    member.check(value[name], `${path}.${name}`);
  }
}

type JsonObject = { readonly [name: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Longest piece of a wrong value that a message shows. */
const SHOWN = 60;

function refuse(path: string, wanted: string, value: unknown): never {
  const shown = JSON.stringify(value) ?? String(value);
  throw new SchemaError(
    `${path} must be ${wanted}, got ${shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown}.`,
  );
}
