import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pagesBelow, root } from "./support/pages.ts";

/** Inside the repository, so that the packages are found as users find them. */
const folder = join(root, ".docs-code");

interface Block {
  /** Page and line: `docs/concepts.md:12`. */
  readonly place: string;
  readonly code: string;
}

/** Blocks in TypeScript of all pages. Each stands for itself: a module that compiles and can be loaded. */
function blocks(): Block[] {
  const pages = ["README.md", "CONTRIBUTING.md", ...["docs", "packages", "examples"].flatMap(pagesBelow)];
  return pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), "utf8")));
}

function blocksOf(page: string, text: string): Block[] {
  return Array.from(text.matchAll(/^```(?:ts|typescript)\b.*\n([\s\S]*?)^```/gm), (match) => ({
    place: `${page}:${text.slice(0, match.index).split("\n").length + 1}`,
    code: match[1] as string,
  }));
}

const found = blocks();

function compile(): string {
  try {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
    });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

let messages: string[];

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const config = { extends: "../tsconfig.test.json", compilerOptions: { noEmit: true }, include: ["*.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  for (const [index, { code }] of found.entries()) {
    const text = `${code}\nexport {};\n`;
    writeFileSync(join(folder, `block-${index}.ts`), text);
    // A file that a guide names by its first line; others of the guide import it.
    const [, name] = /^\/\/ ([\w-]+\.ts)\n/.exec(code) ?? [];
    if (name !== undefined) writeFileSync(join(folder, name), text);
  }
  // The key that a block reads.
  writeFileSync(join(folder, "id_ed25519"), "");
  messages = compile().split("\n");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("there are blocks to look at", () => {
  expect(found.length).toBeGreaterThan(12);
});

it.each(found.map(({ place }, index) => [place, index] as const))("%s compiles", (_place, index) => {
  expect(messages.filter((line) => line.startsWith(`block-${index}.ts(`))).toEqual([]);
});

/** What a test runner has to load is run by tests of its own. */
const runnable = found
  .map(({ place, code }, index) => ({ place, code, index }))
  .filter(({ code }) => !code.includes('"vitest"'));

it.concurrent.each(runnable)("$place runs to its end", async ({ index }) => {
  const args = ["--conditions=@leat/source", "--import", "tsx", `block-${index}.ts`];
  await expect(promisify(execFile)(process.execPath, args, { cwd: folder })).resolves.toBeDefined();
});
