import type { ConfigRemark } from "./config-check.ts";

/** Says on stderr what in the configuration is likely a mistake. */
export function warnOf(remarks: readonly ConfigRemark[]): void {
  for (const { level, message } of remarks) {
    if (level === "warn") process.stderr.write(`WARNING: ${message}\n`);
  }
}
