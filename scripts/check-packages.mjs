// Packs every published package and checks the tarballs as their users get them: publint and "are the types wrong".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = ["packages", "packages/adapters", "packages/contrib"]
  .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  .filter((folder) => readdirSync(folder).includes("package.json"))
  .filter((folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).private !== true);

const tarballs = mkdtempSync(join(tmpdir(), "leat-pack-"));
let failures = 0;
for (const folder of folders) {
  const packed = JSON.parse(
    run("npm", ["pack", "--json", "--pack-destination", tarballs, `./${folder}`], { quiet: true }),
  );
  const tarball = join(tarballs, packed[0].filename);
  console.log(`${packed[0].name}: ${packed[0].entryCount} files`);
  run("npx", ["publint", "run", tarball, "--strict"]);
  run("npx", ["attw", tarball, "--profile", "esm-only", "--format", "ascii"], { quiet: true });
}
rmSync(tarballs, { recursive: true });
process.exitCode = failures === 0 ? 0 : 1;

function run(command, args, { quiet = false } = {}) {
  const result = spawnSync(command, args, { encoding: "utf8" });
  if (result.status !== 0) failures++;
  if (result.status !== 0 || !quiet)
    process.stdout.write(result.stdout + (result.status === 0 ? "" : result.stderr));
  return result.stdout;
}
