import { hash } from "node:crypto";
import { quoteAscii } from "./json-text.ts";

const SUMMARY_PARAMETERS = 3;
const SUMMARY_CODE_POINTS = 16;
const HASH_DIGITS = 10;

/**
 * The identity of a task, byte for byte as Luigi computes it: family, the first three values cut short, and a hash of all.
 * A marker that Luigi wrote under this id is therefore valid for Leat.
 *
 * @param texts serialised values of the significant public parameters, by name
 */
export function taskId(family: string, texts: Readonly<Record<string, string>>): string {
  const names = sortByCodePoint(Object.keys(texts));
  return `${family}_${summaryOf(names, texts)}_${hashOf(names, texts)}`;
}

function summaryOf(names: readonly string[], texts: Readonly<Record<string, string>>): string {
  return names
    .slice(0, SUMMARY_PARAMETERS)
    .map((name) => firstCodePoints(texts[name] ?? "", SUMMARY_CODE_POINTS))
    .join("_")
    .replaceAll(/[^A-Za-z0-9_]/gu, "_");
}

function firstCodePoints(text: string, count: number): string {
  if (text.length <= count) return text;
  return Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join("");
}

function hashOf(names: readonly string[], texts: Readonly<Record<string, string>>): string {
  const members = names.map((name) => `${quoteAscii(name)}:${quoteAscii(texts[name] ?? "")}`);
  // MD5 is Luigi's choice and serves as a fingerprint only; nothing is protected by it.
  return hash("md5", `{${members.join(",")}}`).slice(0, HASH_DIGITS);
}

/** JavaScript's own order compares UTF-16 units, which differs once there are surrogates. */
function sortByCodePoint(names: string[]): string[] {
  if (names.length < 2) return names;
  return names.some((name) => /[\ud800-\udfff]/.test(name)) ? names.sort(compareCodePoints) : names.sort();
}

function compareCodePoints(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i]?.codePointAt(0) ?? 0) - (b[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
