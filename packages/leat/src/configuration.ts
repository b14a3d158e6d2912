import { type ConfigLayer, Configuration, useConfiguration } from "@leat/core";
import { environmentLayer } from "./config-environment.ts";
import { readConfigFiles } from "./config-files.ts";
import { loadPluginConfig } from "./plugin-config.ts";

/**
 * Puts the configuration of this machine into force: files, then variables such as `LEAT__TOPSONGS__TOP`; and the plugins that
 * `leat.config.ts` lists. The command line does so by itself; a program that calls `run` does it first, if it wants to, and calls
 * `closePlugins` at its end.
 *
 * @throws UsageError `CONFIG_NOT_FOUND`, `CONFIG_INVALID`, `PLUGIN_INVALID`, `MODULE_INVALID`
 */
export async function loadConfiguration(): Promise<Configuration> {
  const layers: ConfigLayer[] = await readConfigFiles(process.env);
  const environment = environmentLayer(process.env);
  const configuration = new Configuration(environment === undefined ? layers : [...layers, environment]);
  useConfiguration(configuration);
  await loadPluginConfig();
  return configuration;
}
