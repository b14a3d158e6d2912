const canonicalKeys = new Map<string, string>();

/** `minCount`, `min-count` and `min_count` → `min-count`: what a key is compared by, and the name of a parameter's flag. */
export function canonicalKey(key: string): string {
  const known = canonicalKeys.get(key);
  if (known !== undefined) return known;
  const canonical = key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
  canonicalKeys.set(key, canonical);
  return canonical;
}

const looseNames = new Map<string, string>();

/** Letters and digits only, in lower case: what is left of a name in an environment variable. */
export function looseName(name: string): string {
  const known = looseNames.get(name);
  if (known !== undefined) return known;
  const loose = name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  looseNames.set(name, loose);
  return loose;
}
