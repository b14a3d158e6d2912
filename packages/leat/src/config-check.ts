import { canonicalKey, type ConcreteTaskClass, type ConfigLayer, looseName } from "@leat/core";
import { nearNames, notFoundMessage } from "@leat/worker";
import { LUIGI_KEYS, LUIGI_SECTIONS } from "./luigi-settings.ts";
import { SETTINGS } from "./settings.ts";

/** What a configuration says that nothing reads. */
export interface ConfigRemark {
  /** `warn`: likely a mistake. `info`: it may be meant for another module, or for Luigi. */
  readonly level: "warn" | "info";
  readonly message: string;
}

/** Sections that are read whatever their keys are. */
const FREE_SECTIONS = ["resources", "DEFAULT"];

/** Looks for sections and keys that neither Leat nor the tasks of a module know. */
export function checkLayers(
  layers: readonly ConfigLayer[],
  classes: ReadonlyMap<string, ConcreteTaskClass>,
): ConfigRemark[] {
  const known = knownKeys(classes);
  return layers.flatMap((layer) =>
    Object.entries(layer.sections).flatMap(([section, values]) => remarks(layer, section, values, known)),
  );
}

type KnownKeys = ReadonlyMap<string, readonly string[]>;

function knownKeys(classes: ReadonlyMap<string, ConcreteTaskClass>): KnownKeys {
  const known = new Map<string, string[]>();
  for (const { section, key } of Object.values(SETTINGS))
    known.set(section, [...(known.get(section) ?? []), key]);
  for (const [family, { params }] of classes) known.set(family, Object.keys(params));
  return known;
}

function remarks(
  { origin, looseNames = false }: ConfigLayer,
  section: string,
  values: object,
  known: KnownKeys,
): ConfigRemark[] {
  const sectionForm = looseNames ? looseName : (name: string) => name;
  const keyForm = looseNames ? looseName : canonicalKey;
  const isSame = (name: string) => sectionForm(name) === sectionForm(section);
  if (FREE_SECTIONS.some(isSame)) return [];
  const name = [...known.keys()].find(isSame);
  if (name === undefined) return [unknownSection(section, origin, known, LUIGI_SECTIONS.some(isSame))];
  const keys = known.get(name) as readonly string[];
  const unknown = Object.keys(values).filter((key) => !keys.some((each) => keyForm(each) === keyForm(key)));
  return unknown.map((key) => {
    const isLuigis = LUIGI_KEYS[name]?.some((each) => keyForm(each) === keyForm(key)) ?? false;
    if (isLuigis) return noEffect(`[${name}] ${key}`, origin);
    return { level: "warn", message: `[${name}] ${key} in ${origin}: ${notFoundMessage("key", key, keys)}` };
  });
}

function unknownSection(section: string, origin: string, known: KnownKeys, isLuigis: boolean): ConfigRemark {
  if (isLuigis) return noEffect(`[${section}]`, origin);
  const names = [...known.keys(), ...FREE_SECTIONS];
  const quoted = names.find((name) => name.startsWith(`${section}.`));
  if (quoted !== undefined) {
    const message = `[${section}] in ${origin}: TOML takes a name with a dot apart. Write ["${quoted}"].`;
    return { level: "warn", message };
  }
  const isNear = nearNames(section, names).length > 0;
  const message = `[${section}] in ${origin}: ${notFoundMessage("section or task", section, names)}`;
  return { level: isNear ? "warn" : "info", message };
}

function noEffect(place: string, origin: string): ConfigRemark {
  return {
    level: "info",
    message: `${place} in ${origin} is a setting of Luigi that has no effect in Leat.`,
  };
}
