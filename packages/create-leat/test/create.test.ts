import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFromTemplate, TEMPLATES } from "create-leat";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "create-leat-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function createLeat(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const child = promisify(execFile)(process.execPath, [cli, ...args], { cwd: folder });
  return child.then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
}

describe.each(TEMPLATES)("the template %s", (template) => {
  it("gives the name of the directory to package, classes and files", async () => {
    const directory = join(folder, "night-loads");
    const files = await createFromTemplate({ directory, template });
    const texts = files.map((file) => readFileSync(join(directory, file), "utf8"));
    expect(files).toContain(".gitignore");
    expect(texts.filter((text) => /example/i.test(text))).toEqual([]);
    expect(texts.join("\n")).toContain("night-loads");
  });

  it("takes the versions that the packages of this repository have", () => {
    const path = new URL(`../templates/${template}/_package.json`, import.meta.url);
    const { dependencies = {}, devDependencies } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    const ours = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
      /^@?leat/.test(name),
    );
    expect(ours.length).toBeGreaterThan(0);
    for (const [name, version] of ours) {
      const source = new URL(`../../${name.replace("@leat/", "")}/package.json`, import.meta.url);
      expect(version).toBe(`^${(JSON.parse(readFileSync(source, "utf8")) as Manifest).version}`);
    }
  });
});

interface Manifest {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

it("names classes after the directory", async () => {
  await createFromTemplate({ directory: join(folder, "cold-store"), template: "adapter" });
  const source = readFileSync(join(folder, "cold-store/src/file-system.ts"), "utf8");
  expect(source).toContain("export class ColdStoreFileSystem extends FileSystem");
});

describe("the command", () => {
  it("makes a project and says how to go on", async () => {
    const { stdout, code } = await createLeat("my-pipelines");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^my-pipelines has \d+ files\. Go on with:\n\n {2}cd my-pipelines\n/);
    expect(readdirSync(join(folder, "my-pipelines"))).toContain("pipeline.ts");
  });

  it("leaves a directory alone that is not empty", async () => {
    mkdirSync(join(folder, "taken"));
    writeFileSync(join(folder, "taken/notes.txt"), "mine");
    const { stderr, code } = await createLeat("taken");
    expect(code).toBe(2);
    expect(stderr).toMatch(/taken is not empty: notes\.txt is in it\. Give a new directory\.\n$/);
    expect(readdirSync(join(folder, "taken"))).toEqual(["notes.txt"]);
  });

  it.each([
    [[], "No directory was given"],
    [["My_Pipelines"], 'No package can be named "My_Pipelines"'],
    [["one", "two"], '"two" is one argument too many'],
    [["one", "--template", "banana"], 'There is no template "banana". Give --template project or adapter.'],
    [["one", "--tempalte", "adapter"], "Unknown option '--tempalte'"],
  ])("refuses %j with a cure", async (args, message) => {
    const { stderr, code } = await createLeat(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    expect(readdirSync(folder)).toEqual([]);
  });
});
