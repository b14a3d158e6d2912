import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly [field: string]: unknown;
}

interface Locked {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string) => readFileSync(join(root, path), "utf8");
const { packages: locked } = JSON.parse(read("package-lock.json")) as { packages: Record<string, Locked> };

const published = ["packages", "packages/adapters", "packages/contrib"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => readdirSync(join(root, folder)).includes("package.json"))
  .map((folder) => ({ folder, manifest: JSON.parse(read(`${folder}/package.json`)) as Manifest }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }));

/** Drivers of stores, and which of our packages may bring or ask for them. */
const DRIVERS: Readonly<Record<string, readonly string[]>> = {
  pg: ["@leat/postgres", "@leat/server"],
  "pg-copy-streams": ["@leat/postgres"],
  mysql2: ["@leat/mysql"],
  ioredis: ["@leat/redis"],
  "@aws-sdk/client-s3": ["@leat/s3"],
  "basic-ftp": ["@leat/ftp"],
  "ssh2-sftp-client": ["@leat/sftp"],
  ssh2: ["@leat/sftp"],
  libsql: ["@leat/server"],
};

/** Where the lock has a package that another one at `from` depends on: the nearest folder of modules above it. */
function resolve(from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf("/node_modules/"), 0))) {
    const path = at === "" ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (path in locked) return locked[path]?.link === true ? locked[path]?.resolved : path;
    if (at === "") return undefined;
  }
}

/** Names of all packages that an install of the package at a folder brings, peers aside. */
function brought(folder: string): Set<string> {
  const names = new Set<string>();
  const open = [folder];
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { dependencies, optionalDependencies } = locked[at] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      names.add(name);
      const path = resolve(at, name);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      open.push(path);
    }
  }
  return names;
}

it("there are packages to look at, and the lock tells what they bring", () => {
  expect(published.length).toBeGreaterThan(12);
  expect(brought("packages/server")).toContain("libsql");
  expect(brought("packages/adapters/sftp")).toContain("ssh2");
});

describe.each(published)("$name", ({ name, folder, manifest }) => {
  it("tells its users what they have to know", () => {
    expect(manifest).toMatchObject({
      license: "Apache-2.0",
      type: "module",
      description: expect.stringMatching(/\.$/),
      repository: { directory: folder },
      engines: { node: ">=20.19" },
      publishConfig: { access: "public", provenance: true },
    });
    expect((manifest["keywords"] as string[]).length).toBeGreaterThan(3);
  });

  it("has a README, the licence, and a changelog that has its version", () => {
    expect(read(`${folder}/README.md`)).toMatch(new RegExp(`^# ${name}\n`));
    expect(read(`${folder}/LICENSE`)).toBe(read("LICENSE"));
    expect(read(`${folder}/CHANGELOG.md`)).toContain(`## ${String(manifest["version"])}\n`);
  });

  it("brings no driver of another's store", () => {
    const names = brought(folder);
    const foreign = Object.keys(DRIVERS).filter(
      (driver) => names.has(driver) && !DRIVERS[driver]?.includes(name),
    );
    expect(foreign).toEqual([]);
  });
});
