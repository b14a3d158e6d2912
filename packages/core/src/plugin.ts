import { UsageError } from "./errors.ts";
import type { Target } from "./target.ts";

/** The version of this contract. A plugin that was written for another one is refused when it is loaded. */
const PLUGIN_API = 1;

/**
 * What a package adds to Leat: a plain object from a factory, listed in `leat.config.ts`. Importing the package registers
 * nothing.
 */
export interface Plugin {
  /** How messages call it; no other plugin has the same. */
  readonly name: string;
  /** The version of this contract that it was written for, as a number that its author wrote. */
  readonly api: typeof PLUGIN_API;
  /** Makes targets of URLs, by their scheme without the colon: `{ s3: (url) => new S3Target(url) }`. */
  readonly schemes?: Readonly<Record<string, (url: string) => Target>>;
  /** Lets go of connections, before the process ends. */
  close?(): Promise<void>;
}

/** What `leat.config.ts` exports as its default. */
export interface LeatConfig {
  readonly plugins: readonly Plugin[];
}

/** Gives the type to what `leat.config.ts` exports, and changes nothing. */
export function defineConfig(config: LeatConfig): LeatConfig {
  return config;
}

/** The plugins that are in force, and the URL of the module that listed them, if one did. */
export interface PluginsInForce {
  readonly plugins: readonly Plugin[];
  readonly origin: string | undefined;
}

const IN_FORCE = Symbol.for("leat.plugins");
const NOTHING: PluginsInForce = { plugins: [], origin: undefined };
const global = globalThis as { [IN_FORCE]?: PluginsInForce };

/**
 * Puts plugins into force, in place of those before. The command line does so with `leat.config.ts`.
 *
 * @param origin URL of the module that lists them, from which child processes load them
 * @throws UsageError `PLUGIN_INVALID`; then nothing has changed
 */
export function usePlugins(plugins: readonly Plugin[], origin?: string): void {
  const owners = new Map<string, string>();
  const names = new Set<string>();
  for (const plugin of plugins) {
    checkShape(plugin);
    if (names.has(plugin.name))
      throw invalid(`Two plugins have the name ${JSON.stringify(plugin.name)}. List each once.`);
    names.add(plugin.name);
    for (const scheme of Object.keys(plugin.schemes ?? {})) claim(owners, scheme, plugin.name);
  }
  global[IN_FORCE] = { plugins: [...plugins], origin };
}

/** Plugins of every copy of this package: what is in force is the process's. */
export function pluginsInForce(): PluginsInForce {
  return global[IN_FORCE] ?? NOTHING;
}

/**
 * The target at a URL, made by the plugin that has its scheme.
 *
 * @throws UsageError `SCHEME_UNKNOWN`
 */
export function targetAt(url: string): Target {
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):/i.exec(url) ?? [];
  const { plugins } = pluginsInForce();
  const makers = plugins.flatMap(({ schemes = {} }) => Object.entries(schemes));
  const maker = makers.find(([name]) => name === scheme.toLowerCase())?.[1];
  if (maker !== undefined) return maker(url);
  const known = makers.map(([name]) => name).join(", ");
  const message = `No plugin has targets of the scheme ${JSON.stringify(scheme)}; there are: ${known || "none"}.`;
  // Not the URL: it may hold a password.
  throw new UsageError("SCHEME_UNKNOWN", `${message} List the plugin in leat.config.ts.`);
}

/** Lets plugins go, the last one first. All are asked, even when one fails; the first error is thrown. */
export async function closePlugins(): Promise<void> {
  const { plugins } = pluginsInForce();
  delete global[IN_FORCE];
  const errors: unknown[] = [];
  for (const plugin of plugins.toReversed()) {
    try {
      await plugin.close?.();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

function claim(owners: Map<string, string>, scheme: string, name: string): void {
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme))
    throw invalid(
      `The plugin ${name} has the scheme ${JSON.stringify(scheme)}. Write it as "s3", in lower case.`,
    );
  const other = owners.get(scheme);
  if (other !== undefined)
    throw invalid(`The plugins ${other} and ${name} both have the scheme ${scheme}. List one of them.`);
  owners.set(scheme, name);
}

/** Values from a file of the user, or from another version of this package: nothing is known of them. */
function checkShape(plugin: unknown): asserts plugin is Plugin {
  const cure = `Give { name, api: ${PLUGIN_API}, schemes, close }; call the factory of the package.`;
  if (typeof plugin !== "object" || plugin === null)
    throw invalid(`${String(plugin)} is not a plugin. ${cure}`);
  const { name, api, schemes = {}, close } = plugin as Partial<Record<keyof Plugin, unknown>>;
  if (typeof name !== "string" || name === "") throw invalid(`A plugin has no name. ${cure}`);
  if (api !== PLUGIN_API) throw otherVersion(name, api);
  const makers = typeof schemes === "object" && schemes !== null ? Object.values(schemes) : [undefined];
  if (makers.some((maker) => typeof maker !== "function"))
    throw invalid(`The schemes of the plugin ${name} are not functions from a URL to a target.`);
  if (close !== undefined && typeof close !== "function")
    throw invalid(`What the plugin ${name} has as close is not a function.`);
}

function otherVersion(name: string, api: unknown): UsageError {
  const theirs = api === undefined ? "no version" : `version ${JSON.stringify(api)}`;
  return invalid(
    `The plugin ${name} was written for ${theirs} of the plugin contract; this is version ${PLUGIN_API}. Install a version of ${name} that fits.`,
  );
}

function invalid(message: string): UsageError {
  return new UsageError("PLUGIN_INVALID", message);
}
