import { readFileSync } from "node:fs";

const STORES = ["AWS", "Ceph", "versitygw"] as const;

/** What the table of the README says of a store. */
export function capabilitiesInReadme(store: (typeof STORES)[number]): Record<string, boolean> {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (yes|no) \| (yes|no) \| (yes|no) \|$/gm)];
  const column = STORES.indexOf(store);
  return Object.fromEntries(rows.map(([, name, ...answers]) => [name, answers[column] === "yes"]));
}
