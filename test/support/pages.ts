import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Templates are filled in before they are read; the rest is not written here. */
const PASSED_OVER = new Set(["node_modules", "dist", "templates", "test", "src"]);

/** Paths of the Markdown pages below a folder, both relative to the root. */
export function pagesBelow(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory())
      return PASSED_OVER.has(entry.name) || entry.name.startsWith(".") ? [] : pagesBelow(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}
