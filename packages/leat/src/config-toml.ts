import type { ConfigSections, ConfigValue } from "@leat/core";
import { parse, TomlDate, TomlError, type TomlValue } from "smol-toml";
import { invalidConfig } from "./config-files.ts";

/**
 * Sections of a TOML file. Numbers, booleans and dates become the texts that parameters read; lists and tables stay.
 *
 * @throws UsageError `CONFIG_INVALID`
 */
export function parseToml(text: string, path: string): ConfigSections {
  return Object.fromEntries(
    Object.entries(parseTable(text, path)).map(([name, value]) => {
      if (!isTable(value)) throw outsideOfSections(text, path, name);
      return [name, sectionOf(value)];
    }),
  );
}

function parseTable(text: string, path: string): Readonly<Record<string, TomlValue>> {
  try {
    return parse(text, { integersAsBigInt: true });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The first line says what, the others draw where.
    const [reason = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    throw invalidConfig(
      path,
      error.line,
      `this is not TOML: ${reason}. Correct the line; texts need quotes.`,
    );
  }
}

function sectionOf(table: Readonly<Record<string, TomlValue>>): Record<string, ConfigValue> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, settingOf(value)]));
}

function settingOf(value: TomlValue): ConfigValue {
  return typeof value === "object" && !(value instanceof TomlDate)
    ? (jsonOf(value) as ConfigValue)
    : textOf(value);
}

function textOf(value: Exclude<TomlValue, TomlValue[] | object> | TomlDate): string {
  if (value instanceof TomlDate) return dateText(value);
  // As Python writes them.
  if (typeof value === "number" && !Number.isFinite(value)) return String(value).replace("Infinity", "inf");
  return String(value);
}

/** Times as in parameters: `2026-11-20T101500`. */
function dateText(date: TomlDate): string {
  const text = date.toISOString();
  return date.isDateTime() && date.isLocal() ? text.replaceAll(":", "").replace(/\.\d+$/, "") : text;
}

type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

function jsonOf(value: TomlValue): Plain {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof TomlDate) return dateText(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item)]));
}

function isTable(value: TomlValue): value is Record<string, TomlValue> {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}

function outsideOfSections(text: string, path: string, name: string) {
  const line = text.split("\n").findIndex((candidate) => candidate.includes(name)) + 1;
  const reason = `${JSON.stringify(name)} is in no section. Put it below [core], or below the family of a task.`;
  return invalidConfig(path, line, reason);
}
