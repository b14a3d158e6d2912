import { cp, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What can be begun: `project` runs tasks, `adapter` brings a store to others' tasks. */
export const TEMPLATES = ["project", "adapter"] as const;
export type TemplateName = (typeof TEMPLATES)[number];

export interface CreateOptions {
  /** Made when it is missing; it must be empty. Its last segment names the package. */
  readonly directory: string;
  readonly template: TemplateName;
}

/** npm leaves .gitignore out of packages, and tools take each package.json within a package for one that Node.js heeds. */
const RENAMED = [
  ["_gitignore", ".gitignore"],
  ["_package.json", "package.json"],
] as const;

/** The name that stands in the templates for the one that the user chooses. */
const PLACEHOLDER = "example";
const templates = fileURLToPath(new URL("../templates", import.meta.url));

/**
 * Fills an empty directory from a template. The templates are projects of their own that compile and pass their tests; only
 * names are replaced. Resolves to the paths of the files, relative to the directory.
 *
 * @throws Error that names the directory, when it is not empty or no package can be named after it
 */
export async function createFromTemplate({ directory, template }: CreateOptions): Promise<string[]> {
  const target = resolve(directory);
  const name = basename(target);
  checkName(name);
  await makeEmpty(target);
  await cp(join(templates, template), target, { recursive: true, filter: isOfTemplate });
  for (const [from, to] of RENAMED) await rename(join(target, from), join(target, to));
  const files = await filesBelow(target);
  for (const file of files) await replaceNames(join(target, file), name);
  return files;
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return;
  throw new Error(
    `No package can be named ${JSON.stringify(name)}. Give a directory whose name has lower-case letters, digits and single dashes, and begins with a letter: my-pipelines.`,
  );
}

async function makeEmpty(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const [found] = await readdir(directory);
  if (found === undefined) return;
  throw new Error(`${directory} is not empty: ${found} is in it. Give a new directory.`);
}

/** What a template holds after it was run where it stands is not part of it. */
function isOfTemplate(path: string): boolean {
  return !["node_modules", "dist", "data"].includes(basename(path));
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((file) => join(file.parentPath, file.name).slice(directory.length + 1)).toSorted();
}

async function replaceNames(path: string, name: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const replaced = text.replaceAll(PLACEHOLDER, name).replaceAll(pascalCase(PLACEHOLDER), pascalCase(name));
  await writeFile(path, replaced);
}

/** `my-store` → `MyStore` */
function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, first: string) => first.toUpperCase());
}
