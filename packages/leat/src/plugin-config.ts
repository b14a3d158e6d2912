import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { loadPlugins } from "@leat/worker";

/** Where plugins are listed, in the working directory; the first that is there counts. */
const FILES = ["leat.config.ts", "leat.config.mts", "leat.config.js", "leat.config.mjs"];

/**
 * Puts the plugins into force that the working directory's `leat.config.ts` lists, if it has one.
 *
 * @throws UsageError `PLUGIN_INVALID`, `MODULE_INVALID`
 */
export async function loadPluginConfig(): Promise<void> {
  const found = FILES.map((file) => resolve(file)).find((path) => existsSync(path));
  if (found !== undefined) await loadPlugins(pathToFileURL(found).href);
}
