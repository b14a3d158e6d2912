import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Which of our packages each package may import at run time: the rules of docs/design/packages.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "@leat/core": [],
  "@leat/scheduler": [],
  "@leat/worker": ["@leat/core", "@leat/scheduler"],
  "@leat/server": ["@leat/scheduler"],
  "@leat/testkit": ["@leat/core"],
  leat: ["@leat/core", "@leat/range", "@leat/worker"],
  "@leat/copy-to-table": ["@leat/core"],
  "@leat/external-program": ["@leat/core"],
  "@leat/range": ["@leat/core"],
  "@leat/postgres": ["@leat/core", "@leat/copy-to-table"],
  "@leat/ftp": ["@leat/core"],
  "@leat/mysql": ["@leat/core", "@leat/copy-to-table"],
  "@leat/redis": ["@leat/core"],
  "@leat/s3": ["@leat/core"],
  "@leat/sftp": ["@leat/core"],
  "create-leat": [],
  "@leat-internal/dev-servers": [],
  "@leat-internal/visualiser": ["@leat/scheduler", "@leat/server"], // types only
};

const PACKAGE_FOLDERS = ["packages", "packages/adapters", "packages/contrib"];

interface Package {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
}

function packages(): Package[] {
  return PACKAGE_FOLDERS.flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  )
    .filter((folder) => readdirSync(join(root, folder)).includes("package.json"))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
      return { name: manifest.name, folder, dependencies };
    });
}

function sourcesOf({ folder }: Package): string[] {
  const files = readdirSync(join(root, folder, "src"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".ts")).map((file) => join(root, folder, "src", file));
}

function importsOf(file: string): string[] {
  const code = readFileSync(file, "utf8");
  // Statements begin a line; a string with the word "import" in it does not.
  const statements = code.matchAll(/^(?:import|export)\b(?:[^"';]*\bfrom)?\s*"([^"]+)"/gm);
  const calls = code.matchAll(/\bimport\("([^"]+)"\)/g);
  return [...statements, ...calls].map((match) => match[1] as string);
}

/** `@leat/core/x` → `@leat/core` */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const all = packages();

it("every package has a rule, and every rule a package", () => {
  expect(all.map(({ name }) => name).toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
});

describe.each(all)("$name", (current) => {
  const files = sourcesOf(current);
  const imported = files.flatMap((file) =>
    importsOf(file).map((specifier) => ({ file: relative(root, file), specifier })),
  );

  it("has sources that import something, or stands alone", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it("imports of ours only what the rules allow", () => {
    const ours = imported.filter(({ specifier }) => /^(leat$|@leat)/.test(specifier));
    const forbidden = ours.filter(({ specifier }) => {
      const name = packageOf(specifier);
      return name !== current.name && !MAY_IMPORT[current.name]?.includes(name);
    });
    expect(forbidden).toEqual([]);
  });

  it("imports only packages that its manifest declares", () => {
    const external = imported.filter(
      ({ specifier }) => !specifier.startsWith(".") && !specifier.startsWith("node:"),
    );
    const undeclared = external.filter(({ specifier }) => {
      const name = packageOf(specifier);
      return name !== current.name && !current.dependencies.includes(name);
    });
    expect(undeclared).toEqual([]);
  });

  it("reaches no file outside its sources", () => {
    const escaping = imported
      .filter(({ specifier }) => specifier.startsWith("."))
      .filter(({ file, specifier }) =>
        relative(join(root, current.folder, "src"), join(root, dirname(file), specifier)).startsWith(".."),
      );
    expect(escaping).toEqual([]);
  });
});
