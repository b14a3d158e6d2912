import { configurationInForce, UsageError } from "@leat/core";

/**
 * Units of resources: those of the section `[resources]`, and over them those of `--resources db=2,disk=1`.
 *
 * @throws UsageError `FLAG_INVALID`, `CONFIG_INVALID`
 */
export function resourcesInForce(flag: string | undefined): Record<string, number> {
  const units = new Map<string, number>();
  for (const [name, { value, origin }] of configurationInForce().configuration.section("resources")) {
    units.set(name, unitsOf(value) ?? refuse("CONFIG_INVALID", `[resources] ${name} in ${origin}`, value));
  }
  for (const pair of flag?.split(",") ?? []) {
    const [, name, text] = /^([^=]+)=(.*)$/.exec(pair.trim()) ?? [];
    if (name === undefined) {
      const message = `--resources does not accept ${JSON.stringify(pair)}. Give names with units: --resources db=2,disk=1.`;
      throw new UsageError("FLAG_INVALID", message);
    }
    units.set(name, unitsOf(text) ?? refuse("FLAG_INVALID", `--resources ${name}`, text));
  }
  return Object.fromEntries(units);
}

function unitsOf(value: unknown): number | undefined {
  return typeof value === "string" && /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : undefined;
}

function refuse(code: "CONFIG_INVALID" | "FLAG_INVALID", place: string, value: unknown): never {
  const message = `${place} does not accept ${JSON.stringify(value)}. Give a number of units of at least 0.`;
  throw new UsageError(code, message);
}
