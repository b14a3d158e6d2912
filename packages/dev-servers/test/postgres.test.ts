import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isRoot } from "../src/accounts.ts";
import { makeTemporaryDirectory, type TemporaryDirectory } from "../src/directories.ts";
import { type PostgresOptions, type PostgresServer, startPostgres } from "../src/postgres.ts";
import { findDebianPostgres } from "../src/postgres-binaries.ts";
import { queryPostgres } from "../src/postgres-client.ts";
import { readPostmaster } from "../src/postgres-data.ts";

let directory: TemporaryDirectory;
let dataDirectory: string;
let running: PostgresServer[] = [];

beforeEach(() => {
  directory = makeTemporaryDirectory("leat-test");
  dataDirectory = path.join(directory.path, "data");
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  running = [];
  vi.unstubAllEnvs();
  directory.remove();
});

async function start(options: PostgresOptions = {}): Promise<PostgresServer> {
  const server = await startPostgres(options);
  running.push(server);
  return server;
}

async function count(server: PostgresServer): Promise<unknown> {
  const [row] = await queryPostgres(server.url, "SELECT count(*)::int AS n FROM kept");
  return row?.["n"];
}

const keep = "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id";

describe("a temporary PostgreSQL", () => {
  it("answers on localhost and leaves nothing behind", async () => {
    const server = await start();
    const [row] = await queryPostgres(server.url, "SHOW fsync");
    expect(row).toEqual({ fsync: "off" });
    await server.stop();
    expect(existsSync(server.dataDirectory)).toBe(false);
    await expect(queryPostgres(server.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  });

  it("comes back on the same port after a crash", async () => {
    const server = await start();
    await queryPostgres(server.url, keep);
    await server.kill();
    await expect(queryPostgres(server.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    expect(await count(server)).toBe(1000);
  });

  it("refuses a wrong password", async () => {
    const { url, password } = await start();
    await expect(queryPostgres(url.replace(password, "wrong"), "SELECT 1")).rejects.toThrow("password");
  });

  it.skipIf(findDebianPostgres() === undefined)("runs the programs that Debian installed", async () => {
    const bin = findDebianPostgres() ?? "";
    const server = await start({ bin, settings: { wal_level: "logical" } });
    const [row] = await queryPostgres(server.url, "SHOW wal_level");
    expect(row).toEqual({ wal_level: "logical" });
  });

  it("tells why it did not start, and leaves nothing behind", async () => {
    // Others start servers at the same time, and not in here.
    vi.stubEnv("TMPDIR", directory.path);
    const starting = start({ settings: { no_such_setting: 1 } });
    await expect(starting).rejects.toThrow(/PostgreSQL ended before it was ready[^]*no_such_setting/);
    expect(readdirSync(directory.path)).toEqual([]);
  });

  it("names the port that is taken", async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(String(port));
  });
});

describe("a PostgreSQL with a data directory", () => {
  it("keeps data and password over a stop, durable, private", async () => {
    const first = await start({ dataDirectory });
    await queryPostgres(first.url, keep);
    expect(await queryPostgres(first.url, "SHOW fsync")).toEqual([{ fsync: "on" }]);
    await first.stop();
    const second = await start({ dataDirectory });
    expect(await count(second)).toBe(1000);
    expect(second.password).toBe(first.password);
    expect(statSync(path.join(dataDirectory, "leat-password")).mode & 0o777).toBe(0o600);
  });

  it("starts again after SIGKILL, with clients connected", async () => {
    const first = await start({ dataDirectory });
    await queryPostgres(first.url, keep);
    const asleep = queryPostgres(first.url, "SELECT pg_sleep(60)").catch(() => "lost");
    const sleepers = "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'";
    await expect.poll(() => queryPostgres(first.url, sleepers)).toHaveLength(1);
    await first.kill();
    const second = await start({ dataDirectory });
    expect(await count(second)).toBe(1000);
    expect(await asleep).toBe("lost");
  });

  it("joins the server that runs already", async () => {
    const first = await start({ dataDirectory });
    const second = await start({ dataDirectory });
    expect(second).toMatchObject({ joined: true, url: first.url });
    await second.stop();
    await queryPostgres(first.url, "SELECT 1");
    await expect(second.restart()).rejects.toThrow("another process");
    await second.kill();
    await expect.poll(() => queryPostgres(first.url, "SELECT 1").catch(String)).toContain("ECONNREFUSED");
  });

  it("is made once when several start it at the same time", async () => {
    const servers = await Promise.all([1, 2, 3].map(() => start({ dataDirectory })));
    expect(new Set(servers.map((server) => server.url)).size).toBe(1);
    expect(servers.filter((server) => !server.joined)).toHaveLength(1);
    expect(readdirSync(directory.path)).toEqual(["data"]);
  });

  it("removes what a killed process left of its first start", async () => {
    // The largest process id of Linux is 2^22 (proc_pid_max in proc_sys_kernel(5)).
    const abandoned = `${dataDirectory}.init-${2 ** 22 + 1}-abcdef`;
    mkdirSync(abandoned);
    await start({ dataDirectory });
    expect(existsSync(abandoned)).toBe(false);
  });

  it("accepts an empty directory and refuses one that holds something else", async () => {
    mkdirSync(dataDirectory);
    await (await start({ dataDirectory })).stop();
    const other = path.join(directory.path, "other");
    mkdirSync(other);
    writeFileSync(path.join(other, "notes.txt"), "mine");
    await expect(start({ dataDirectory: other })).rejects.toThrow(`data directory "${other}"; name one`);
    expect(readdirSync(other)).toEqual(["notes.txt"]);
  });

  it("refuses data of another major version, by name, with the cure", async () => {
    await (await start({ dataDirectory })).stop();
    writeFileSync(path.join(dataDirectory, "PG_VERSION"), "14\n");
    await expect(start({ dataDirectory })).rejects.toThrow(
      new RegExp(`"${dataDirectory}" was made by PostgreSQL 14, and this is 18\\.4; .*remove the directory`),
    );
  });

  it.runIf(isRoot())("works below a directory that only root can enter", async () => {
    chmodSync(directory.path, 0o700);
    const notices: string[] = [];
    const notice = (message: string) => notices.push(message);
    const first = await start({ dataDirectory, notice });
    await queryPostgres(first.url, keep);
    await first.stop();
    expect(await count(await start({ dataDirectory, notice }))).toBe(1000);
    expect(notices[0]).toContain(directory.path);
  });
});

describe("a process that started a PostgreSQL", () => {
  /** Starts a server in a child process, which prints the URL and then waits. */
  async function startInChild() {
    const script = `
      import { startPostgres } from ${JSON.stringify(new URL("../src/postgres.ts", import.meta.url).href)};
      const server = await startPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)} });
      process.stdin.resume().once("data", () => process.exit(0));
      console.log(server.url);`;
    const args = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", script];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    const [url] = (await once(child.stdout, "data")) as [Buffer];
    return { child, url: url.toString().trim() };
  }

  it.each(["exit", "SIGKILL"])("takes it along on %s, and the data are sound", async (end) => {
    const { child, url } = await startInChild();
    await queryPostgres(url, keep);
    if (end === "exit") child.stdin.write("end\n");
    else child.kill("SIGKILL");
    await once(child, "exit");
    const next = await start({ dataDirectory });
    expect(next.joined).toBe(false);
    expect(await count(next)).toBe(1000);
    expect(readPostmaster(dataDirectory)?.port).toBe(next.port);
  });
});
