import type { ConfigLayer } from "@leat/core";

const VARIABLE = /^LEAT__(.+?)__(.+)$/;

/**
 * The layer of variables such as `LEAT__TOPSONGS__TOP=5`, for `[TopSongs] top`. Neither case nor anything but letters and
 * digits counts in the two names; `undefined` when there are none.
 */
export function environmentLayer(environment: NodeJS.ProcessEnv): ConfigLayer | undefined {
  const sections: Record<string, Record<string, string>> = {};
  for (const [name, value] of Object.entries(environment)) {
    const [, section, key] = VARIABLE.exec(name) ?? [];
    if (section === undefined || key === undefined || value === undefined) continue;
    (sections[section] ??= {})[key] = value;
  }
  if (Object.keys(sections).length === 0) return undefined;
  return { origin: "the environment", syntax: "literal", looseNames: true, sections };
}
