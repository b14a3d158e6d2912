import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const shops = join(root, "examples/shared-scheduler/shops.ts");
const cli = (name: string) => join(root, `packages/${name}/dist/cli.js`);

let folder: string;
let leatd: ChildProcess;
let url = "";

/** leatd, with the settings of the README. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "leat-shared-scheduler-"));
  const readme = readFileSync(join(root, "examples/shared-scheduler/README.md"), "utf8");
  const [, settings = ""] = /echo '(.*)' > leatd.json/.exec(readme) ?? [];
  writeFileSync(join(folder, "leatd.json"), settings);
  const args = [cli("server"), "--port", "0", "--state", "leatd.db", "--config", "leatd.json"];
  leatd = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  for await (const line of createInterface({ input: leatd.stderr as NodeJS.ReadableStream })) {
    const [, place] = /listens on (\S+)$/.exec(line) ?? [];
    if (place === undefined) continue;
    url = place;
    break;
  }
  leatd.stderr?.resume();
});

afterAll(async () => {
  const exited = once(leatd, "exit");
  leatd.kill();
  await exited;
  rmSync(folder, { recursive: true });
});

/** What the second and the third terminal do. */
async function run(): Promise<string> {
  const args = ["run", shops, "Day", "--date", "2026-11-20", "--workers", "4", "--scheduler", url];
  const { stdout } = await promisify(execFile)(process.execPath, [cli("leat"), ...args], { cwd: folder });
  return stdout;
}

it("two workers do one graph together, each task once, and both say so", async () => {
  const summaries = await Promise.all([run(), run()]);
  for (const summary of summaries) expect(summary).toContain("This progress looks :)");
  expect(readFileSync(join(folder, "out/day-2026-11-20.txt"), "utf8")).toBe("2026-11-20: 3640\n");
  const did = readFileSync(join(folder, "out/who-did-what.log"), "utf8").trim().split("\n");
  const what = did.map((line) => line.slice(line.indexOf(" ") + 1));
  expect(what).toHaveLength(13);
  expect(new Set(what).size).toBe(13);
  expect(readdirSync(join(folder, "out")).filter((name) => name.startsWith("sales"))).toHaveLength(12);
});

it("leatd tells what was made", async () => {
  const answer = await fetch(`${url}/api/v1/attempts?family=Sales`);
  const { attempts } = (await answer.json()) as { attempts: { rows: number; bytes: number }[] };
  expect(attempts.map(({ rows }) => rows).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ]);
  expect(attempts.every(({ bytes }) => bytes > 0)).toBe(true);
});
