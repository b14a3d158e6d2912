import { type LeatConfig, UsageError, usePlugins } from "@leat/core";
import { loadError } from "./module-error.ts";
import { isTypeScript, supportTypeScript } from "./typescript.ts";

/**
 * Loads a module such as `leat.config.ts` and puts the plugins that its default export lists into force.
 *
 * @param url its `file:` URL
 * @throws UsageError `PLUGIN_INVALID`; `MODULE_INVALID` with what its code threw as the cause
 */
export async function loadPlugins(url: string): Promise<void> {
  const config = await defaultOf(url);
  if (!Array.isArray(config?.plugins)) {
    const cure = "Write: export default defineConfig({ plugins: [s3()] }).";
    throw new UsageError("PLUGIN_INVALID", `The default export of ${url} lists no plugins. ${cure}`);
  }
  usePlugins(config.plugins, url);
}

async function defaultOf(url: string): Promise<Partial<LeatConfig> | undefined> {
  if (isTypeScript(url)) await supportTypeScript();
  try {
    return ((await import(url)) as { default?: LeatConfig }).default;
  } catch (cause) {
    throw loadError(url, url, cause);
  }
}
