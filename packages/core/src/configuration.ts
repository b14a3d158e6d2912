import { interpolateCfg, interpolateEnvironment } from "./config-interpolation.ts";
import { canonicalKey, looseName } from "./config-names.ts";
import type { Json } from "./json-text.ts";
import type { ParseContext } from "./param.ts";

/** A value of a configuration: text, or what TOML has besides, a list or a table. */
export type ConfigValue = string | readonly Json[] | { readonly [name: string]: Json };

/** Values by key, by section. */
export type ConfigSections = Readonly<Record<string, Readonly<Record<string, ConfigValue>>>>;

/**
 * What is done to the texts of a layer when they are read. `cfg`: `%(key)s` is another key of the section, `%%` a percent sign,
 * then `${NAME}` an environment variable. `toml`: `${NAME}` only. `literal`: nothing.
 */
export type ConfigSyntax = "cfg" | "toml" | "literal";

/** Values from one place. It is plain data: processes send it to each other. */
export interface ConfigLayer {
  /** Where the values come from, to end a sentence with: `leat.toml`, `the command line`. */
  readonly origin: string;
  readonly syntax: ConfigSyntax;
  /** Whether names are found whatever their case, dashes, dots and underscores, as in environment variables. Default false. */
  readonly looseNames?: boolean;
  /** In a `cfg` layer, `DEFAULT` gives its keys to every section that is there. */
  readonly sections: ConfigSections;
}

/** A value in force, and where it comes from. */
export interface ConfigEntry {
  readonly value: ConfigValue;
  readonly origin: string;
}

interface Found {
  readonly value: ConfigValue;
  readonly layer: ConfigLayer;
}

type Index = ReadonlyMap<string, ReadonlyMap<string, ConfigValue>>;

const DEFAULT_SECTION = "DEFAULT";

/**
 * Settings and values of parameters, in layers: files, environment, command line. It reads nothing itself but environment
 * variables that a text names.
 *
 * Keys are the same with dashes, underscores and humps: `min-count`, `min_count` and `minCount`. In one layer the form with
 * underscores wins, as in Luigi.
 */
export class Configuration {
  /** From the lowest to the highest: a value hides those of the layers before. */
  readonly layers: readonly ConfigLayer[];
  /** From the highest to the lowest. */
  readonly #indexes: readonly { readonly layer: ConfigLayer; readonly index: Index }[];

  constructor(layers: readonly ConfigLayer[] = []) {
    this.layers = layers;
    this.#indexes = layers.map((layer) => ({ layer, index: indexOf(layer) })).toReversed();
  }

  /**
   * The value in force; `undefined` when there is none. An empty text is a value.
   *
   * @throws UsageError `CONFIG_INVALID` for a text that names what is not there
   */
  get(section: string, key: string): ConfigEntry | undefined {
    const found = this.#find(section, key);
    return found && { value: this.#interpolated(found, section, key), origin: found.layer.origin };
  }

  /** All of a section under the names that its files use, such as the units of `[resources]`. @throws as `get` */
  section(name: string): ReadonlyMap<string, ConfigEntry> {
    const entries = new Map<string, ConfigEntry>();
    for (const { sections, looseNames } of this.layers) {
      if (looseNames === true) continue;
      for (const key of Object.keys(sections[name] ?? {})) {
        entries.set(key, this.get(name, key) as ConfigEntry);
      }
    }
    return entries;
  }

  #find(section: string, key: string): Found | undefined {
    if (this.#indexes.length === 0) return undefined;
    for (const { layer, index } of this.#indexes) {
      const value = layer.looseNames
        ? index.get(looseName(section))?.get(looseName(key))
        : index.get(section)?.get(canonicalKey(key));
      if (value !== undefined) return { value, layer };
    }
    return this.#indexes.some(({ index }) => index.has(section)) ? this.#findDefault(key) : undefined;
  }

  #findDefault(key: string): Found | undefined {
    for (const { layer, index } of this.#indexes) {
      if (layer.syntax !== "cfg") continue;
      const value = index.get(DEFAULT_SECTION)?.get(canonicalKey(key));
      if (value !== undefined) return { value, layer };
    }
    return undefined;
  }

  #interpolated({ value, layer }: Found, section: string, key: string): ConfigValue {
    const place = `[${section}] ${key} in ${layer.origin}`;
    if (layer.syntax === "literal") return value;
    if (layer.syntax === "toml" || typeof value !== "string") {
      return inTexts(value, (text) => interpolateEnvironment(text, place)) as ConfigValue;
    }
    const other = (name: string) => {
      const found = this.#find(section, name) ?? this.#findDefault(name);
      return typeof found?.value === "string" ? found.value : undefined;
    };
    return interpolateEnvironment(interpolateCfg(value, other, place), place);
  }
}

function indexOf({ sections, looseNames }: ConfigLayer): Index {
  const index = new Map<string, Map<string, ConfigValue>>();
  for (const [name, values] of Object.entries(sections)) {
    const byKey = new Map<string, ConfigValue>();
    index.set(looseNames ? looseName(name) : name, byKey);
    // Dashes first, so that underscores win.
    const keys = Object.keys(values).toSorted((a, b) => Number(b.includes("-")) - Number(a.includes("-")));
    for (const key of keys)
      byKey.set(looseNames ? looseName(key) : canonicalKey(key), values[key] as ConfigValue);
  }
  return index;
}

function inTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Json) => inTexts(item, change));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inTexts(item, change)]));
}

/** A configuration that is in force, and where its texts may look up tasks that they name. */
export interface ConfigurationInForce {
  readonly configuration: Configuration;
  readonly context?: ParseContext | undefined;
}

const IN_FORCE = Symbol.for("leat.configuration");
const NOTHING: ConfigurationInForce = { configuration: new Configuration() };

/**
 * Puts a configuration into force for this process: tasks that are made from now on take values from it that are not given
 * to them. All copies of this package share it. The result is what was in force before.
 */
export function useConfiguration(configuration: Configuration, context?: ParseContext): ConfigurationInForce {
  const before = configurationInForce();
  (globalThis as { [IN_FORCE]?: ConfigurationInForce })[IN_FORCE] = { configuration, context };
  return before;
}

/** The configuration of this process; an empty one until `useConfiguration` was called. */
export function configurationInForce(): ConfigurationInForce {
  return (globalThis as { [IN_FORCE]?: ConfigurationInForce })[IN_FORCE] ?? NOTHING;
}
