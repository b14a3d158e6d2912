// Copies the pages of the repository, with their pictures, to where the site is built from: there they see its modules.
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = fileURLToPath(new URL(".pages", import.meta.url));
const PASSED_OVER = new Set(["node_modules", "dist", "src", "templates", "test"]);

rmSync(pages, { recursive: true, force: true });
gather(".");

function gather(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith(".") && !PASSED_OVER.has(entry.name)) gather(path);
    else if (/\.(md|webp)$/.test(entry.name)) copy(path);
  }
}

function copy(path) {
  mkdirSync(dirname(join(pages, path)), { recursive: true });
  cpSync(join(root, path), join(pages, path));
}
