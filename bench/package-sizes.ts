import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPackedRegistry } from "../integration-tests/test/packed-registry.ts";
import { program } from "./lib/measure.ts";
import { table } from "./lib/report.ts";

// What each published package weighs: its tarball, its files, and all that npm installs for it in an empty project, required
// peers included. Prints Markdown.

const registry = await startPackedRegistry();
try {
  const rows: string[][] = [];
  for (const { name, size, unpackedSize } of registry.packages) {
    const { packages, bytes } = await installed(name);
    rows.push([name, kib(size), kib(unpackedSize), String(packages), (bytes / 2 ** 20).toFixed(1)]);
  }
  const head = ["Package", "Tarball, KiB", "Files, KiB", "Packages installed", "Installed, MiB"];
  console.log(table(head, rows));
} finally {
  await registry.close();
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(0);
}

async function installed(name: string): Promise<{ packages: number; bytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), "leat-size-"));
  try {
    writeFileSync(join(folder, "package.json"), "{}");
    await program(["npm", "install", "--prefix", folder, name], registry.environment);
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const files = paths.map((path) => ({ path, stat: statSync(join(folder, path)) }));
    return {
      packages: paths.filter((path) =>
        /(^|\/)node_modules\/(@[^/]+\/)?[^@./][^/]*\/package\.json$/.test(path),
      ).length,
      bytes: files.reduce((sum, { stat }) => sum + (stat.isFile() ? stat.size : 0), 0),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
