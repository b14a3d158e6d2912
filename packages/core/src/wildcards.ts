/** Paths that were warned of. */
const known = new Set<string>();

/**
 * Warns, once for each path, of one that looks like a pattern: it names one file of just this name, while whoever wrote it may
 * have meant all that match, of which some can be missing. As Luigi does.
 */
export function warnOfWildcards(path: string): void {
  if (!/[*?[{]/.test(path) || known.has(path)) return;
  known.add(path);
  process.emitWarning(
    `The path ${path} has wildcards, which are not expanded: it names one file. Name each file, or list them with FileSystem.list.`,
    { type: "LeatWarning", code: "LEAT_WILDCARD" },
  );
}
