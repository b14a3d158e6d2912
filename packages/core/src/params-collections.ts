import { formatJson, isPlainObject, type Json, toJson } from "./json-text.ts";
import { Param, type ParamOptions, type ParamType } from "./param.ts";
import type { WithDefault } from "./param-builder.ts";
import { applySchema, type Schema } from "./schema.ts";
import { parseTupleText } from "./tuple-text.ts";

/** Read-only through and through, as values of parameters are. */
export type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** Options of a parameter whose values a schema checks and types. */
export interface SchemaParamOptions<T> extends ParamOptions<Frozen<NoInfer<T>>> {
  /**
   * Checks values and may fill in what is missing. It must accept what it gives: values are checked again on their way to
   * other processes.
   */
  readonly schema: Schema<T>;
}

/** Without a schema the values are any JSON of the kind `Any`; with one, what the schema says, within `Kind`. */
export interface CollectionBuilder<Any, Kind> {
  (options: ParamOptions<Any> & WithDefault<Any>): Param<Any, true>;
  (options?: ParamOptions<Any>): Param<Any, false>;
  <T extends Kind>(options: SchemaParamOptions<T> & WithDefault<Frozen<NoInfer<T>>>): Param<Frozen<T>, true>;
  <T extends Kind>(options: SchemaParamOptions<T>): Param<Frozen<T>, false>;
}

type JsonDict = { readonly [name: string]: Json };
type Collection = readonly Json[] | JsonDict;

/** What lists, tuples and dicts differ in. */
interface CollectionKind {
  readonly name: string;
  readonly expects: string;
  parse(text: string): unknown;
  /** Throws for JSON of another kind. */
  check(value: Json): Collection;
}

/** A list of JSON values: `[1, "a"]`. */
export const list = collectionBuilder({
  name: "list",
  expects: 'a JSON list such as [1, "a"]',
  parse: JSON.parse,
  check: asList,
}) as CollectionBuilder<readonly Json[], readonly unknown[]>;

/** As `list`, and reads tuples as Python writes them: `(1, "a")`. */
export const tuple = collectionBuilder({
  name: "tuple",
  expects: 'a JSON list such as [1, "a"] or a tuple such as (1, "a")',
  parse: parseTuple,
  check: asList,
}) as CollectionBuilder<readonly Json[], readonly unknown[]>;

/** A JSON object: `{"a": 1}`. */
export const dict = collectionBuilder({
  name: "dict",
  expects: 'a JSON object such as {"a": 1}',
  parse: JSON.parse,
  check: asDict,
}) as CollectionBuilder<JsonDict, object>;

function collectionBuilder(kind: CollectionKind) {
  return (
    options: ParamOptions<Collection> & { readonly schema?: Schema<unknown> } = {},
  ): Param<Collection> => new Param(collectionType(kind, options.schema), options);
}

function collectionType(kind: CollectionKind, schema: Schema<unknown> | undefined): ParamType<Collection> {
  return {
    name: kind.name,
    expects: schema === undefined ? kind.expects : `${kind.expects} that its schema accepts`,
    parse: (text) => kind.check(toJson(kind.parse(text))),
    serialize: formatJson,
    normalize(value) {
      const checked = kind.check(toJson(value));
      if (schema === undefined) return checked;
      // A schema may change what it gets, so it gets a copy.
      return kind.check(toJson(applySchema(schema, structuredClone(checked))));
    },
  };
}

function asList(value: Json): Collection {
  if (!Array.isArray(value)) throw new TypeError("it is not a list");
  return value as readonly Json[];
}

function asDict(value: Json): Collection {
  if (!isPlainObject(value)) throw new TypeError("it is not an object with names and values");
  return value;
}

function parseTuple(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseTupleText(text);
  }
}
