import { type ConcreteTaskClass, type ConfigEntry, type Configuration, looseName } from "@leat/core";
import { loadTaskModule, withoutControls } from "@leat/worker";
import { checkLayers } from "./config-check.ts";
import { loadConfiguration } from "./configuration.ts";
import type { Program } from "./command.ts";
import { type Flag, parseFlags, refuseExtra, switchFlag } from "./flags.ts";
import { COMMON_FLAGS, commandHelp, isHelpWanted, showHelp } from "./help.ts";
import { MASK, maskedText } from "./mask.ts";
import { SETTINGS } from "./settings.ts";

const FLAGS: readonly Flag[] = [{ name: "json", description: "Print JSON instead of text." }];
const ALL_FLAGS = [...FLAGS, ...COMMON_FLAGS];

/** A value in force. Secrets are masked. */
interface Row {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly origin: string;
}

type Classes = ReadonlyMap<string, ConcreteTaskClass>;

/** `leat config [MODULE]`: every setting, and every parameter of the module's tasks that has a value from outside its code. */
export const config: Program = { flags: FLAGS, execute };

async function execute(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, ALL_FLAGS);
  if (isHelpWanted(parsed)) {
    showHelp(commandHelp("config [MODULE]", parsed, ALL_FLAGS));
    return 0;
  }
  refuseExtra(parsed, 1, "It takes one module.");
  const [location] = parsed.positionals;
  const configuration = await loadConfiguration();
  const classes: Classes = location === undefined ? new Map() : (await loadTaskModule(location)).classes;
  const rows = [
    ...settingRows(configuration),
    ...paramRows(configuration, classes),
    ...otherRows(configuration, classes),
  ];
  showHelp(switchFlag(parsed, "json") ? [asJson(configuration, rows)] : asText(configuration, rows));
  // Here everything is told, also what is likely meant for another module.
  for (const { message } of checkLayers(configuration.layers, classes))
    process.stderr.write(`WARNING: ${message}\n`);
  return 0;
}

function settingRows(configuration: Configuration): Row[] {
  const settings = Object.values(SETTINGS).map((setting) => {
    const entry = configuration.get(setting.section, setting.key);
    return rowOf(
      setting.section,
      setting.key,
      entry ?? { value: String(setting.default), origin: "default" },
    );
  });
  const resources = [...configuration.section("resources")].map(([key, entry]) =>
    rowOf("resources", key, entry),
  );
  return [...settings, ...resources];
}

function paramRows(configuration: Configuration, classes: Classes): Row[] {
  return [...classes].flatMap(([family, { params }]) =>
    Object.entries(params).flatMap(([name, { visibility }]) => {
      const entry = configuration.get(family, name);
      if (entry === undefined) return [];
      const row = rowOf(family, name, entry);
      return [visibility === "private" ? { ...row, value: MASK } : row];
    }),
  );
}

/** Of sections that nobody knows it is not known, either, which values are private. */
function otherRows(configuration: Configuration, classes: Classes): Row[] {
  const known = new Set([
    "resources",
    "DEFAULT",
    ...classes.keys(),
    ...Object.values(SETTINGS).map(sectionOf),
  ]);
  const knownLoosely = new Set(Array.from(known, looseName));
  return configuration.layers.flatMap(({ sections, origin, looseNames }) =>
    Object.entries(sections)
      .filter(([section]) => !(looseNames ? knownLoosely.has(looseName(section)) : known.has(section)))
      .flatMap(([section, values]) =>
        Object.keys(values).map((key) => ({ section, key, value: "(shown with its MODULE)", origin })),
      ),
  );
}

function sectionOf({ section }: { readonly section: string }): string {
  return section;
}

function rowOf(section: string, key: string, { value, origin }: ConfigEntry): Row {
  return { section, key, value: withoutControls(maskedText(key, value)), origin };
}

function asJson({ layers }: Configuration, rows: readonly Row[]): string {
  return JSON.stringify({ sources: layers.map(({ origin }) => origin), values: rows }, null, 2);
}

function asText({ layers }: Configuration, rows: readonly Row[]): string[] {
  const sources = layers.map(({ origin }) => origin).join(", ");
  const lines = [`# Read: ${sources === "" ? "nothing; all is as it is by default" : sources}`];
  const width = Math.max(...rows.map(({ key, value }) => key.length + value.length)) + 3;
  let last = "";
  for (const { section, key, value, origin } of rows) {
    if (section !== last) lines.push("", `[${section}]`);
    last = section;
    lines.push(`${`${key} = ${value}`.padEnd(Math.min(width, 60))}  # ${origin}`);
  }
  return lines;
}
