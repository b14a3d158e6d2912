import { inspect } from "node:util";
import { type LoadSpec, runTask } from "@leat/copy-to-table/testing";
import { PostgresCopyToTable, PostgresTarget } from "@leat/postgres";
import { afterEach, expect, it } from "vitest";
import { poolOf } from "../src/postgres-pool.ts";
import { makeLoad } from "./make-load.ts";
import { describePostgres, openPool, query } from "./postgres-servers.ts";

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

const columns = [["n", "bigint"]] as const;
const rows = (): number[][] => [[1]];

describePostgres("A connection", (server) => {
  it("comes from DATABASE_URL, and that before the variables of libpq", async () => {
    const url = await server().createSchema();
    process.env["DATABASE_URL"] = url;
    process.env["PGHOST"] = "host.invalid";
    await runTask(makeLoad({ connection: undefined, columns, rows }));
    expect(await query(url, "select n from t")).toEqual([{ n: "1" }]);
  });

  it("comes from the variables of libpq when there is no DATABASE_URL", async () => {
    const url = await server().createDatabase();
    const { hostname, port, username, password, pathname } = new URL(url);
    delete process.env["DATABASE_URL"];
    Object.assign(process.env, {
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
      PGDATABASE: pathname.slice(1),
    });
    await runTask(makeLoad({ connection: undefined, columns, rows }));
    expect(await query(url, "select n from t")).toEqual([{ n: "1" }]);
  });

  it("comes from the settings of pg, with a password that is asked for", async () => {
    const url = await server().createDatabase();
    const { hostname: host, port, username: user, password, pathname } = new URL(url);
    const connection = {
      host,
      port: Number(port),
      user,
      database: pathname.slice(1),
      password: () => password,
    };
    await runTask(makeLoad({ connection, columns, rows }));
    expect(await query(url, "select n from t")).toEqual([{ n: "1" }]);
  });

  it("comes from a pool of the user's own, which stays open", async () => {
    const connection = openPool(await server().createSchema());
    await runTask(makeLoad({ connection, columns, rows }));
    const { rows: found } = await connection.query("select n from t");
    expect(found).toEqual([{ n: "1" }]);
    expect(connection.idleCount).toBe(connection.totalCount);
    await connection.end();
  });

  it("tells the server its name, which the user can change", async () => {
    const url = await server().createSchema();
    const nameOf = async (connection: string): Promise<unknown> => {
      let name: unknown;
      const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
        name = (await sql.query("select current_setting('application_name') as name")).rows[0]?.["name"];
      };
      await runTask(makeLoad({ connection, id: connection, columns, rows, afterCopy }));
      return name;
    };
    expect(await nameOf(url)).toBe("leat");
    expect(await nameOf(`${url}&application_name=mine`)).toBe("mine");
  });

  it("is shared by all that say the same, and given back", async () => {
    const url = await server().createSchema();
    expect(poolOf(url)).toBe(poolOf(url));
    expect(poolOf({ host: "a", port: 1 })).toBe(poolOf({ port: 1, host: "a" }));
    expect(poolOf({ host: "a", port: 1 })).not.toBe(poolOf({ port: 2, host: "a" }));
    const password = (): string => "x";
    const settings = { host: "a", password };
    expect(poolOf(settings)).toBe(poolOf(settings));
    expect(poolOf(settings)).not.toBe(poolOf({ host: "a", password }));
    await expect(runTask(makeLoad({ connection: url, columns, rows: () => [["bad"]] }))).rejects.toThrow(
      "row 1",
    );
    await runTask(makeLoad({ connection: url, columns, rows }));
    expect(poolOf(url).idleCount).toBe(1);
    expect(poolOf(url).totalCount).toBe(1);
  });

  it("works again after a restart of the server", async () => {
    const url = await server().createSchema();
    const target = new PostgresTarget("t", "a", { connection: url });
    await target.touch();
    await server().server.restart();
    expect(await target.exists()).toBe(true);
  });

  it("is no part of a task's id and of what a task or a target shows", () => {
    class Load extends PostgresCopyToTable {
      override readonly connection = "postgres://me:secret@127.0.0.1/db";
      override readonly table = "t";
      override readonly columns = columns;
      override rows(): number[][] {
        return rows();
      }
    }
    const task = new Load();
    for (const value of [task, task.output()]) {
      const shown = `${task.id} ${String(value)} ${inspect(value)} ${inspect({ value })} ${JSON.stringify({ value })}`;
      expect(shown).not.toContain("secret");
    }
  });

  const failures: readonly (readonly [string, string, (to: URL) => void])[] = [
    ["a wrong password", "TARGET_FORBIDDEN", (to) => (to.password = "hidden")],
    ["an unknown user", "TARGET_FORBIDDEN", (to) => (to.username = "nobody")],
    ["an unknown database", "TARGET_NOT_FOUND", (to) => (to.pathname = "missing")],
    ["a closed port", "TARGET_UNAVAILABLE", (to) => (to.port = "1")],
    ["an unknown host", "TARGET_UNAVAILABLE", (to) => (to.hostname = "host.invalid")],
    ["TLS that is not there", "TARGET_FORBIDDEN", (to) => to.searchParams.set("sslmode", "verify-full")],
  ];
  for (const [what, code, change] of failures) {
    it(`to ${what} is ${code}, and the error does not show the password`, async () => {
      const to = new URL(await server().createSchema());
      change(to);
      const password = to.password;
      const error = await failureOf(to.href);
      expect(error).toMatchObject({ code });
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(password);
    });
  }

  it("that nobody configured says so", async () => {
    delete process.env["DATABASE_URL"];
    process.env["PGHOST"] = "127.0.0.1";
    process.env["PGPORT"] = "1";
    await expect(new PostgresTarget("t", "a").exists()).rejects.toMatchObject({
      code: "TARGET_UNAVAILABLE",
      message: expect.stringContaining("DATABASE_URL is not set") as string,
    });
  });

  it("to what is no URL is OPTION_INVALID, and the error does not show it", async () => {
    const error = await failureOf("postgres://me:hid/den@127.0.0.1/db");
    expect(error).toMatchObject({ code: "OPTION_INVALID" });
    expect(inspect(error, { depth: 10 })).not.toContain("den@");
  });
});

async function failureOf(connection: string): Promise<unknown> {
  return runTask(makeLoad({ connection, columns, rows })).catch((thrown: unknown) => thrown);
}
