import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const FILES: Readonly<Record<string, string>> = {
  "tsconfig.json": '{ "extends": "./base.json" } // comments may stand here',
  "base.json": '{ "compilerOptions": { "paths": { "lib/*": ["./library/*"] }, "jsx": "react" } }',
  "library/names.ts": 'export enum Name { First = "first" }',
  "library/folder/index.ts": "export const inFolder = true;",
  "part.tsx": "const React = { createElement: (name: string) => name };\nexport const part = <b />;",
  "data.cjs": "exports.fromCommonJs = 1;",
  "bare/package.json": '{ "type": "commonjs" }',
  "bare/tasks.ts": `
    import { ExternalTask } from "@leat/core";
    import { Name } from "lib/names";
    import { fromCommonJs } from "../data.cjs";
    import { part } from "../part.js";
    class Part { constructor(readonly name: Name) {} }
    export class Typed extends ExternalTask {
      override output() { return undefined; }
    }
    const { inFolder } = await import("../library/folder");
    if (new Part(Name.First).name !== "first" || part !== "b" || !inFolder || fromCommonJs !== 1)
      throw new Error("not what it says");`,
  "throws.ts":
    'interface Wide {\n  n: number;\n}\n\nconst wide: Wide = { n: 1 };\nthrow new Error("n is " + wide.n);',
  "broken.ts": "export const n: number = ;",
};

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-typescript-"));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  symlinkSync(
    fileURLToPath(new URL("../../../node_modules", import.meta.url)),
    join(directory, "node_modules"),
  );
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const PRINT = fileURLToPath(new URL("fixtures/print-module.ts", import.meta.url));

function load(name: string): string {
  const args = ["--import", tsx, "--conditions=@leat/source", PRINT, name];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
  return (stdout + stderr).trim();
}

describe("a module in TypeScript", () => {
  it("may use all of the language, names of tsconfig.json, and CommonJS, wherever it lies", () => {
    expect(load("bare/tasks.ts")).toBe("Typed");
  });

  it("throws errors that name the lines of the source", () => {
    expect(load("throws.ts")).toMatch(/Error: n is 1\n\s+at .*throws\.ts:6:7/);
  });

  it("that is broken is named, with the place", () => {
    expect(load("broken.ts")).toMatch(
      /Cannot load the module broken\.ts.*\n.*broken\.ts:1:25: ERROR: Unexpected ";"/,
    );
  });
});
