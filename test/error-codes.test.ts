import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function sources(): string[] {
  const files = readdirSync(join(root, "packages"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /(^|\/)src\/.*\.ts$/.test(file) && !file.includes("node_modules"))
    .map((file) => readFileSync(join(root, "packages", file), "utf8"));
}

/** The members of every `…ErrorCode` union in the sources, each once. */
function declaredCodes(code: string): string[] {
  const unions = [...code.matchAll(/type \w*ErrorCode =([^;]+);/g)].map((match) => match[1] as string);
  const codes = unions
    .flatMap((union) => [...union.matchAll(/"([A-Z][A-Z_]+)"/g)])
    .map((match) => match[1] as string);
  return [...new Set(codes)].toSorted();
}

function documentedCodes(): string[] {
  const rows = readFileSync(join(root, "docs/errors.md"), "utf8").matchAll(/^\| `([A-Z_]+)`/gm);
  return [...rows].map((match) => match[1] as string).toSorted();
}

const code = sources().join("\n");

it("docs/errors.md lists exactly the codes that the sources declare, each once", () => {
  expect(declaredCodes(code).length).toBeGreaterThan(40);
  expect(documentedCodes()).toEqual(declaredCodes(code));
});

it.each(declaredCodes(code))("%s is thrown somewhere", (declared) => {
  // Once in its union, once more where it is used.
  expect(code.split(`"${declared}"`).length - 1).toBeGreaterThan(1);
});
