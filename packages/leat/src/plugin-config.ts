import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "@leat/core";
import { loadPlugins } from "@leat/worker";

/** Where plugins are listed, in the working directory; the first that is there counts. */
const FILES = ["leat.config.ts", "leat.config.mts", "leat.config.js", "leat.config.mjs"];

/**
 * Puts the plugins into force that the working directory's `leat.config.ts` lists, if it has one.
 *
 * @throws UsageError `PLUGIN_INVALID`, `MODULE_INVALID`; `PATH_INVALID` when the working directory is gone
 */
export async function loadPluginConfig(): Promise<void> {
  const directory = workingDirectory();
  const found = FILES.map((file) => resolve(directory, file)).find((path) => existsSync(path));
  if (found !== undefined) await loadPlugins(pathToFileURL(found).href);
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const message = "The working directory has been removed. Change to one that is there.";
    throw new UsageError("PATH_INVALID", message, { cause });
  }
}
