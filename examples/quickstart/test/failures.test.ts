import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresServer, startPostgres } from "@leat-internal/dev-servers";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { begin, makeDirectory, runToEnd } from "./quickstart-process.ts";
import { withoutVersion } from "./reported.ts";

const directory = makeDirectory();
const read = () => withoutVersion(readFileSync(join(directory, "report.md"), "utf8"));
let server: PostgresServer;
let client: Client;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  server = await startPostgres();
  client = new Client(server.url);
  await client.connect();
  environment = { LEAT_QUICKSTART_DIR: directory, DATABASE_URL: server.url };
});

afterAll(async () => {
  await client.end();
  await server.stop();
  rmSync(directory, { recursive: true });
});

// This makes everything twice.
describe("a run that is killed while it loads", { timeout: 120_000 }, () => {
  it("changes no table, and the next run does all that was left to do", async () => {
    expect(await runToEnd("start.ts", environment)).toMatchObject({ code: 0 });
    const report = read();
    rmSync(join(directory, "clean"), { recursive: true });

    await client.query("begin; lock table quickstart_strikes in share mode");
    const run = begin("start.ts", environment);
    await untilLoadsWait();
    run.kill();
    expect(await run.finished).toMatchObject({ code: null });
    await client.query("commit");
    expect(await countStrikes()).toBe(9511);

    const { code, stdout } = await runToEnd("start.ts", environment);
    expect(code).toBe(0);
    expect(stdout).toContain("13 LoadStrikes(year=1990...2002)");
    expect(await countStrikes()).toBe(9511);
    expect(read()).toBe(report);
  });
});

describe("a database that cannot be reached", () => {
  it("is named, with what to do, and without the password", async () => {
    const DATABASE_URL = "postgres://somebody:hunter2@127.0.0.1:1/nowhere";
    const { code, stdout, stderr } = await runToEnd("start.ts", { ...environment, DATABASE_URL });
    expect(code).toBe(35);
    expect(stderr).toMatch(
      /Cannot connect to PostgreSQL of DATABASE_URL: .*127\.0\.0\.1:1.*Check that the server runs/,
    );
    expect(stdout).toContain("mend the cause");
    expect(stdout + stderr).not.toContain("hunter2");
  });
});

/** Loads begin with a statement that the lock of this test holds up. */
async function untilLoadsWait(): Promise<void> {
  for (;;) {
    const { rows } = await client.query("select from pg_locks where not granted");
    if (rows.length > 0) return;
    await sleep(20);
  }
}

async function countStrikes(): Promise<number> {
  const { rows } = await client.query<{ strikes: number }>(
    "select count(*)::int as strikes from quickstart_strikes",
  );
  return rows[0]?.strikes ?? 0;
}
