import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createPostgresDatabase, describeWith, type TestDatabase } from "@leat-internal/dev-servers/vitest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

async function command(cwd: string, file: string, args: readonly string[], env = {}): Promise<string> {
  const settings = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(file, [...args], settings);
  return stdout;
}

let folder: string;
/** `file:` addresses of the packed packages, by name. */
let packed: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "leat-packed-"));
  packed = await packAll();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function packAll(): Promise<Record<string, string>> {
  const folders = ["packages", "packages/adapters", "packages/contrib"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `./${parent}/${name}`))
    .filter((path) => readdirSync(join(root, path)).includes("package.json"))
    .filter((path) => manifestOf(join(root, path)).private !== true);
  const output = await command(root, "npm", ["pack", "--json", "--pack-destination", folder, ...folders]);
  const tarballs = JSON.parse(output) as { name: string; filename: string }[];
  return Object.fromEntries(tarballs.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]));
}

/** Installs a project with the packed packages in place of published ones. */
async function install(project: string, manifest: Manifest): Promise<void> {
  const local = (wanted: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(wanted).map(([name, version]) => [name, packed[name] ?? version]));
  const direct = { ...manifest.dependencies, ...manifest.devDependencies };
  const others = Object.entries(packed).filter(([name]) => !(name in direct));
  const rewritten = {
    ...manifest,
    dependencies: local(manifest.dependencies),
    devDependencies: local(manifest.devDependencies),
    // What the packages require of one another.
    overrides: Object.fromEntries([
      ...others,
      ...Object.keys(packed)
        .filter((name) => name in direct)
        .map((name) => [name, `$${name}`]),
    ]),
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(rewritten));
  await command(project, "npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"]);
}

describeWith("postgres")("the packed packages leat and @leat/postgres in an empty project", () => {
  let database: TestDatabase;
  let project: string;

  beforeAll(async () => {
    database = await createPostgresDatabase();
    project = join(folder, "songs");
    mkdirSync(join(project, "in"), { recursive: true });
    cpSync(join(root, "examples/songs/songs.ts"), join(project, "songs.ts"));
    writeFileSync(join(project, "in/plays-2026-11-20.tsv"), "se\tWaterloo\nhr\tMoja domovina\n");
    const dependencies = { leat: "*", "@leat/postgres": "*", pg: "8.23.1" };
    await install(project, { name: "songs", private: true, dependencies });
  });
  afterAll(() => database.drop());

  it("run the job of the README", async () => {
    const args = ["leat", "run", "songs.ts", "AllCountries", "--date", "2026-11-20"];
    const summary = await command(project, "npx", args, { DATABASE_URL: database.url });
    expect(summary).toContain("This progress looks :)");
  });

  it("bring no driver of another store", () => {
    const found = readdirSync(join(project, "node_modules"));
    expect(found).toContain("pg");
    const others = ["mysql2", "ioredis", "@aws-sdk", "basic-ftp", "ssh2-sftp-client", "ssh2", "libsql"];
    expect(others.filter((name) => found.includes(name))).toEqual([]);
    expect(readdirSync(join(project, "node_modules/@leat"))).not.toContain("server");
  });
});

describe.each(["project", "adapter"])("npm create leat with the template %s", (template) => {
  it("gives something that installs and passes its own tests", async () => {
    const directory = join(folder, `my-${template}`);
    const cli = join(root, "packages/create-leat/dist/cli.js");
    await command(folder, process.execPath, [cli, `my-${template}`, "--template", template]);
    await install(directory, manifestOf(directory));
    const output = await command(directory, "npm", ["test"], { CI: "true", NO_COLOR: "1" });
    expect(output).toMatch(/Test Files {2}1 passed/);
  });
});

it("the project of npm create leat starts, and sums up as docs/start.md shows it", async () => {
  const directory = join(folder, "my-project");
  const output = await command(directory, "npm", ["start", "--", "--date", "2026-11-20"]);
  const [summary = "no summary"] = /^=====[\s\S]*=====$/m.exec(output) ?? [];
  expect(readFileSync(join(root, "docs/start.md"), "utf8")).toContain(summary);
  expect(readFileSync(join(directory, "out/report-2026-11-20.tsv"), "utf8")).toBe("tea\t7\ncoffee\t4\n");
});
