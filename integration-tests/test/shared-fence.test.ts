import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createMysqlDatabase,
  createPostgresDatabase,
  describeWith,
  type TestDatabase,
} from "@leat-internal/dev-servers/vitest";
import type { TableTarget } from "@leat/copy-to-table";
import { MysqlTableTarget, MysqlTarget } from "@leat/mysql";
import { PostgresTableTarget, PostgresTarget } from "@leat/postgres";
import { startTcpFaultProxy } from "@leat/testkit";
import { expect, it, onTestFinished } from "vitest";
import { MysqlLoad, PostgresLoad } from "./fixtures/fenced-load.ts";
import { ask, linesOf, openStrictLeatd, STRICT_SECONDS, temporaryFolder } from "./shared-support.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const workspace = useWorkspace();

async function openDatabase(create: () => Promise<TestDatabase>): Promise<string> {
  const database = await create();
  onTestFinished(() => database.drop());
  return database.url;
}

/** Starts a worker that loads. */
function startWorker(name: string, load: string, url: string, env: NodeJS.ProcessEnv) {
  const folder = env["FOLDER"] as string;
  const args = ["run", fixture("fenced-load.ts"), load, "--folder", folder, "--scheduler", url];
  const running = workspace.start([...args, "--heartbeat", "0.2", "--worker-id", name], {
    ...env,
    WORKER: name,
  });
  const openGate = (): void => writeFileSync(join(folder, name), "");
  const isAtGate = (): boolean => linesOf(join(folder, "begun")).includes(name);
  const failures = (): string[] => linesOf(join(folder, "failed"));
  return { ...running, openGate, isAtGate, failures };
}

/** The value of a column in each row. */
async function valuesOf(table: TableTarget, column: string): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  for await (const [value] of table.readRows({ columns: [column] })) values.push(value);
  return values;
}

const ALL_NEWER = Array.from({ length: 100 }, () => "newer");

async function outcomes(leatd: { readonly url: string }): Promise<readonly unknown[]> {
  const { attempts } = await ask(leatd, "/api/v1/attempts");
  return attempts.map(({ worker, outcome }: any) => [worker, outcome]);
}

describeWith("postgres")("A load into PostgreSQL", () => {
  it("is that of the worker that took the place of one that stood still, while it does and after", async () => {
    const { leatd, clock } = await openStrictLeatd();
    const url = await openDatabase(createPostgresDatabase);
    const env = { DATABASE_URL: url, FOLDER: temporaryFolder() };
    const zombie = startWorker("zombie", "PostgresLoad", leatd.url, env);
    await until(zombie.isAtGate);
    zombie.process.kill("SIGSTOP");
    clock.pass(STRICT_SECONDS);
    const newer = startWorker("newer", "PostgresLoad", leatd.url, env);
    newer.openGate();
    expect((await newer.ended).exitCode).toBe(0);
    zombie.openGate();
    zombie.process.kill("SIGCONT");
    await zombie.ended;
    expect(zombie.failures()).toEqual([expect.stringMatching(/^zombie TASK_LEASE_LOST /)]);
    const tableOf = (name: string) => new PostgresTableTarget(name, { connection: url });
    expect(await valuesOf(tableOf("numbers"), "worker")).toEqual(ALL_NEWER);
    expect(await valuesOf(tableOf("table_updates_fence"), "number")).toEqual([2n]);
    const { id } = new PostgresLoad({ folder: env.FOLDER });
    expect(await new PostgresTarget("numbers", id, { connection: url }).exists()).toBe(true);
    expect(await outcomes(leatd)).toEqual([
      ["newer", "DONE"],
      ["zombie", "FAILED"],
    ]);
  });
});

describeWith("mysql")("A load into MySQL", () => {
  it("is that of the newer worker when one goes on that cannot reach its scheduler, as the database tells", async () => {
    const { leatd, clock } = await openStrictLeatd();
    const proxy = await startTcpFaultProxy({ port: Number(new URL(leatd.url).port) });
    onTestFinished(() => proxy.close());
    const url = await openDatabase(createMysqlDatabase);
    const env = { MYSQL_URL: url, FOLDER: temporaryFolder() };
    const zombie = startWorker("zombie", "MysqlLoad", `http://127.0.0.1:${proxy.port}`, env);
    await until(zombie.isAtGate);
    proxy.setFaults({ blackHole: "both" });
    clock.pass(STRICT_SECONDS);
    const newer = startWorker("newer", "MysqlLoad", leatd.url, env);
    await until(newer.isAtGate);
    zombie.openGate();
    await until(() => zombie.failures().length > 0);
    expect(zombie.failures()).toEqual([expect.stringMatching(/^zombie TASK_LEASE_LOST A newer attempt /)]);
    newer.openGate();
    expect((await newer.ended).exitCode).toBe(0);
    const table = new MysqlTableTarget("numbers", { connection: url });
    expect(await valuesOf(table, "worker")).toEqual(ALL_NEWER);
    const { id } = new MysqlLoad({ folder: env.FOLDER });
    expect(await new MysqlTarget("numbers", id, { connection: url }).exists()).toBe(true);
    expect(await outcomes(leatd)).toEqual([
      ["newer", "DONE"],
      ["zombie", "FAILED"],
    ]);
  });
});
