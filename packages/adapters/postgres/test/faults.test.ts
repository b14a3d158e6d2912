import { type LoadSpec, runTask } from "@leat/copy-to-table/testing";
import { PostgresTarget } from "@leat/postgres";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat/testkit";
import { afterEach, expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describePostgres, query, type TestServer } from "./postgres-servers.ts";

const columns = [
  ["n", "bigint"],
  ["text", "text"],
] as const;

let proxy: TcpFaultProxy | undefined;
afterEach(() => proxy?.close());

/** A database behind a proxy that fails on request. */
async function openProxy(
  server: TestServer,
): Promise<{ proxy: TcpFaultProxy; direct: string; connection: string }> {
  const direct = await server.createSchema();
  proxy = await startTcpFaultProxy({ port: server.server.port });
  const url = new URL(direct);
  url.port = String(proxy.port);
  return { proxy, direct, connection: url.href };
}

function* manyRows(onRow: (n: number) => void = () => {}): Generator<unknown[]> {
  for (let n = 1; n <= 20_000; n++) {
    onRow(n);
    yield [n, "some text that takes room"];
  }
}

const NOTHING = { rows: "0", isDone: false };
const ALL = { rows: "20000", isDone: true };

async function stateOf(url: string): Promise<{ rows: unknown; isDone: boolean }> {
  const [row] = await query(url, "select count(*) as n from t");
  return { rows: row?.["n"], isDone: await new PostgresTarget("t", "load", { connection: url }).exists() };
}

describePostgres("A load over a bad network", (server) => {
  it("succeeds when the reply to COMMIT is lost and the server has committed", async () => {
    const { proxy, direct, connection } = await openProxy(server());
    const afterCopy: LoadSpec["afterCopy"] = async () => {
      proxy.setFaults({ cut: { direction: "downstream", afterBytes: 0, times: 1 } });
    };
    await runTask(makeLoad({ connection, columns, rows: () => manyRows(), afterCopy }));
    expect(await stateOf(direct)).toEqual(ALL);
  });

  it("fails, to be tried again, when COMMIT did not reach the server", async () => {
    const { proxy, direct, connection } = await openProxy(server());
    const afterCopy: LoadSpec["afterCopy"] = async () => {
      proxy.setFaults({ cut: { direction: "upstream", afterBytes: 5, times: 1 } });
    };
    const spec = { connection, columns, rows: () => manyRows() };
    await expect(runTask(makeLoad({ ...spec, afterCopy }))).rejects.toMatchObject({
      code: "TARGET_UNAVAILABLE",
      retryable: true,
    });
    expect(await stateOf(direct)).toEqual(NOTHING);
    await runTask(makeLoad(spec));
    expect(await stateOf(direct)).toEqual(ALL);
  });

  it("fails, to be tried again, when the outcome of COMMIT cannot be asked for", async () => {
    const { proxy, direct, connection } = await openProxy(server());
    const afterCopy: LoadSpec["afterCopy"] = async () => {
      proxy.refuseConnections();
      proxy.setFaults({ cut: { direction: "downstream", afterBytes: 0 } });
    };
    const spec = { connection, columns, rows: () => manyRows() };
    await expect(runTask(makeLoad({ ...spec, afterCopy }))).rejects.toMatchObject({
      code: "TARGET_UNAVAILABLE",
      retryable: true,
    });
    await proxy.acceptConnections();
    proxy.setFaults({});
    await runTask(makeLoad({ ...spec, rows: () => expect.unreachable("the server had committed") }));
    expect(await stateOf(direct)).toEqual(ALL);
  });

  for (const afterBytes of [0, 30_000, 300_000]) {
    it(`leaves nothing when the connection is cut after ${afterBytes} bytes of rows`, async () => {
      const { proxy, direct, connection } = await openProxy(server());
      const rows = function* () {
        proxy.setFaults({ cut: { direction: "upstream", afterBytes, times: 1 } });
        yield* manyRows();
      };
      await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject({
        code: "TARGET_UNAVAILABLE",
        retryable: true,
      });
      expect(await stateOf(direct)).toEqual(NOTHING);
      await runTask(makeLoad({ connection, columns, rows: () => manyRows() }));
      expect(await stateOf(direct)).toEqual(ALL);
    });
  }

  it("fails when the connection is cut while the rows make a pause, without waiting for its end", async () => {
    const { proxy, direct, connection } = await openProxy(server());
    const rows = async function* () {
      yield [0, "first"];
      proxy.cutAll();
      await new Promise(() => {});
    };
    await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject({
      code: "TARGET_UNAVAILABLE",
    });
    expect(await stateOf(direct)).toEqual(NOTHING);
  });

  it("fails when the server is killed, and leaves nothing", async () => {
    const connection = await server().createSchema();
    const rows = async function* () {
      for (const row of manyRows()) {
        if (row[0] === 10_000) await server().server.kill();
        yield row;
      }
    };
    await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject({
      code: "TARGET_UNAVAILABLE",
      retryable: true,
    });
    await server().server.restart();
    expect(await stateOf(connection)).toEqual(NOTHING);
  });

  it("ends at once when it is aborted while the server does not answer", async () => {
    const { proxy, direct, connection } = await openProxy(server());
    const controller = new AbortController();
    const reason = new Error("stop");
    const rows = function* () {
      proxy.setFaults({ blackHole: "both" });
      setTimeout(() => controller.abort(reason), 300);
      for (;;) yield* manyRows();
    };
    await expect(
      runTask(makeLoad({ connection, columns, rows }), { signal: controller.signal }),
    ).rejects.toBe(reason);
    proxy.close();
    expect(await stateOf(direct)).toEqual(NOTHING);
  });

  it("ends while it waits for a load of the same task, when it is aborted", async () => {
    const connection = await server().createSchema();
    const controller = new AbortController();
    let letGo = (): void => {};
    const first = runTask(
      makeLoad({
        connection,
        columns,
        rows: async function* () {
          yield* manyRows();
          await new Promise<void>((resolve) => (letGo = resolve));
        },
      }),
    );
    await untilTrue(
      connection,
      "select count(*) = 1 as ok from pg_stat_activity where query like 'copy %' and state = 'active'",
    );
    const second = runTask(makeLoad({ connection, columns, rows: () => [] }), { signal: controller.signal });
    const waiting = "select count(*) = 1 as ok from pg_locks where not granted";
    await untilTrue(connection, waiting);
    controller.abort(new Error("stop"));
    await expect(second).rejects.toThrow("stop");
    letGo();
    await first;
    expect(await stateOf(connection)).toEqual(ALL);
  });

  it("stops a statement of a hook on the server when it is aborted", async () => {
    const connection = await server().createSchema();
    const controller = new AbortController();
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      await sql.query("select pg_sleep(600)");
    };
    const load = runTask(makeLoad({ connection, columns, rows: () => manyRows(), afterCopy }), {
      signal: controller.signal,
    });
    const sleeping =
      "select count(*) = 1 as ok from pg_stat_activity where query like 'select pg_sleep(600)%'";
    await untilTrue(connection, sleeping);
    controller.abort(new Error("stop"));
    await expect(load).rejects.toThrow("stop");
    await untilTrue(connection, sleeping.replace("= 1", "= 0"));
    expect(await stateOf(connection)).toEqual(NOTHING);
  });

  it("gives up connecting after its time", async () => {
    const { proxy, connection } = await openProxy(server());
    proxy.setFaults({ blackHole: "both" });
    const target = new PostgresTarget("t", "a", {
      connection: { connectionString: connection, connectionTimeoutMillis: 200 },
    });
    await expect(target.exists()).rejects.toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
  });

  it("is paused by the server: rows are not made ahead of it", async () => {
    const { proxy, connection } = await openProxy(server());
    let made = 0;
    const controller = new AbortController();
    const text = "x".repeat(10_000);
    const rows = async function* () {
      proxy.setFaults({ blackHole: "upstream" });
      for (; made < 10_000; made++) {
        yield [made, text];
        // Gives the network its turn, as a real source does.
        if (made % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const load = runTask(makeLoad({ connection, columns, rows }), { signal: controller.signal });
    await untilStill(() => made);
    // 100 MB would be made; buffers of sockets and of the proxy take some of it.
    expect(made).toBeLessThan(3_000);
    controller.abort(new Error("enough"));
    await expect(load).rejects.toThrow("enough");
  });
});

/** Asks the server until a statement gives true. */
async function untilTrue(url: string, statement: string): Promise<void> {
  for (;;) {
    const [row] = await query(url, statement);
    if (row?.["ok"] === "t") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until a number is no longer 0 and has stopped growing. */
async function untilStill(read: () => number): Promise<void> {
  for (let last = -1; read() === 0 || read() !== last; ) {
    last = read();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
