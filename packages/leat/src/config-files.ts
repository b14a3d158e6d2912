import { readFileSync } from "node:fs";
import { delimiter, extname } from "node:path";
import { type ConfigLayer, type ConfigSections, UsageError } from "@leat/core";

/** Files that may be there, from the lowest precedence to the highest. */
const STANDARD_FILES = [
  "/etc/luigi/luigi.cfg",
  "/etc/luigi/luigi.toml",
  "/etc/leat/leat.toml",
  "luigi.cfg",
  "luigi.toml",
  "leat.toml",
];

/** Names more files, of higher precedence than the standard ones; separated as in `PATH`. */
const PATH_VARIABLE = "LEAT_CONFIG_PATH";

/**
 * Reads the configuration files that are there: the standard ones, in the working directory and below `/etc`, and those that
 * `LEAT_CONFIG_PATH` names, which must be there.
 *
 * @throws UsageError `CONFIG_NOT_FOUND`, `CONFIG_INVALID`
 */
export async function readConfigFiles(environment: NodeJS.ProcessEnv): Promise<ConfigLayer[]> {
  const named = (environment[PATH_VARIABLE] ?? "").split(delimiter).filter((path) => path !== "");
  const layers: ConfigLayer[] = [];
  for (const path of [...STANDARD_FILES, ...named]) {
    const text = textOf(path);
    if (text !== undefined) layers.push(await parseFile(path, text));
    else if (named.includes(path)) throw notFound(path);
  }
  return layers;
}

/** `undefined` when there is no such file. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const cure = `Make it a file that can be read, or take it away.`;
    throw new UsageError("CONFIG_INVALID", `Cannot read the configuration ${path}: ${message}. ${cure}`);
  }
}

async function parseFile(path: string, text: string): Promise<ConfigLayer> {
  const format = extname(path).toLowerCase();
  // Only what is needed is loaded: most command lines have no file, or one.
  if (format === ".toml") {
    const { parseToml } = await import("./config-toml.ts");
    return layer(path, "toml", parseToml(text, path));
  }
  if (![".cfg", ".conf", ".ini"].includes(format)) throw unknownFormat(path);
  const { parseCfg } = await import("./config-cfg.ts");
  return layer(path, "cfg", parseCfg(text, path));
}

function layer(origin: string, syntax: "cfg" | "toml", sections: ConfigSections): ConfigLayer {
  return { origin, syntax, sections };
}

function notFound(path: string): UsageError {
  const message = `${PATH_VARIABLE} names ${path}, and there is no such file. Correct the path, or unset the variable.`;
  return new UsageError("CONFIG_NOT_FOUND", message);
}

function unknownFormat(path: string): UsageError {
  const message = `The configuration ${path} is of no known format. Name it .toml, or .cfg for Luigi's.`;
  return new UsageError("CONFIG_INVALID", message);
}

/** The error for a place in a file that cannot be read. `line` counts from 1. */
export function invalidConfig(path: string, line: number, reason: string): UsageError {
  return new UsageError("CONFIG_INVALID", `${path}:${line}: ${reason}`);
}
