import { UsageError } from "./errors.ts";

/** Keys that refer to one another are followed this far. As Python's `configparser`. */
const MAX_DEPTH = 10;

/**
 * Replaces `%(key)s` by another value and `%%` by a percent sign.
 *
 * @param other the text of another key, not yet interpolated
 * @param place names the text, for messages
 * @throws UsageError `CONFIG_INVALID`
 */
export function interpolateCfg(
  text: string,
  other: (key: string) => string | undefined,
  place: string,
  depth = 0,
): string {
  if (depth > MAX_DEPTH)
    throw invalid(place, "refers to keys that refer to one another without end. Break the circle.");
  return text.replaceAll(/%(?:\(([^)]*)\)s|%|)/g, (match, key?: string) => {
    if (match === "%%") return "%";
    if (key === undefined) throw invalid(place, "has a single %. Write %% for a percent sign.");
    const value = other(key);
    if (value === undefined)
      throw invalid(place, `refers to %(${key})s, and there is no key ${key}. Add it.`);
    return interpolateCfg(value, other, place, depth + 1);
  });
}

/**
 * Replaces `${NAME}` by the environment variable.
 *
 * @throws UsageError `CONFIG_INVALID` for one that is not set
 */
export function interpolateEnvironment(text: string, place: string): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = process.env[name];
    if (value !== undefined) return value;
    throw invalid(place, `needs the environment variable ${name}, which is not set. Set it.`);
  });
}

function invalid(place: string, reason: string): UsageError {
  return new UsageError("CONFIG_INVALID", `${place} ${reason}`);
}
