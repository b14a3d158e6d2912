import { parse, resolve, sep } from "node:path";

/** Only Windows takes the backslash for a separator as well. */
const SEPARATOR = sep === "/" ? /\// : /[/\\]/;
const SEPARATORS_AT_END = sep === "/" ? /\/+$/ : /[/\\]+$/;

/** The path of an entry of a directory; it begins with the directory as it was given. */
export function childPath(directory: string, name: string): string {
  return withoutTrailingSlashes(directory) + sep + name;
}

export function withoutTrailingSlashes(path: string): string {
  return path.replace(SEPARATORS_AT_END, "");
}

/** Whether a path climbs by `..` after it went down, as `a/../b` does. */
export function climbsAfterDescent(path: string): boolean {
  const segments = path.split(SEPARATOR);
  const firstName = segments.findIndex((segment) => !["", ".", ".."].includes(segment));
  return firstName !== -1 && segments.includes("..", firstName);
}

/** The absolute path, with `/` between its segments on every system. */
export function canonicalLocalPath(path: string): string {
  return resolve(path).split(SEPARATOR).join("/");
}

export function isLocalRoot(path: string): boolean {
  return resolve(path) === parse(resolve(path)).root;
}
