import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createPostgresDatabase, describeWith, type TestDatabase } from "@leat-internal/dev-servers/vitest";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cli = join(root, "packages/leat/dist/cli.js");
const songs = join(root, "examples/songs/songs.ts");

it("the README shows this file", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(songs, "utf8")}\`\`\``);
});

describeWith("postgres")("the pipeline of the README", () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createPostgresDatabase();
    folder = mkdtempSync(join(tmpdir(), "leat-songs-"));
    mkdirSync(join(folder, "in"));
    const plays = ["se\tWaterloo", "se\tFernando", "se\tWaterloo", "hr\tMoja domovina", "rs\tĐurđevdan"];
    writeFileSync(join(folder, "in/plays-2026-11-20.tsv"), `${plays.join("\n")}\n`);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await database.drop();
  });

  async function leat(...args: string[]): Promise<string> {
    const env = { ...process.env, DATABASE_URL: database.url };
    const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { cwd: folder, env });
    return stdout;
  }

  it("ranks the songs and loads them, with the commands of the README", async () => {
    await leat("run", songs, "AllCountries", "--date", "2026-11-20", "--workers", "4");
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(
      'select song, plays::int from top_songs order by plays desc, song collate "C"',
    );
    await client.end();
    expect(rows).toEqual([
      { song: "Waterloo", plays: 2 },
      { song: "Fernando", plays: 1 },
      { song: "Moja domovina", plays: 1 },
      { song: "Đurđevdan", plays: 1 },
    ]);
  });

  it("has nothing left to do when it is run again", async () => {
    const plan = await leat("plan", songs, "AllCountries", "--date", "2026-11-20");
    expect(plan).toBe("AllCountries(date=2026-11-20): complete\n");
  });

  it("lists its tasks", async () => {
    const tasks = JSON.parse(await leat("list", songs, "--json")) as { family: string }[];
    expect(tasks.map(({ family }) => family)).toEqual(["AllCountries", "LoadTopSongs", "Plays", "TopSongs"]);
  });
});
