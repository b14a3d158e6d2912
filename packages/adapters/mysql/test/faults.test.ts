import { type MariadbServer, startMariadb } from "@leat-internal/dev-servers";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat/testkit";
import { type LoadSpec, runTask } from "@leat/copy-to-table/testing";
import { MysqlTarget } from "@leat/mysql";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describeOwnMysql, query } from "./mysql-servers.ts";

const columns = [
  ["n", "bigint"],
  ["text", "varchar(10000)"],
] as const;

/** Before the text of a statement: the size of the packet, its number, and the command. */
const HEADER_BYTES = 5;

/** A server of this file's own: tests kill it. */
let server: MariadbServer;
let proxy: TcpFaultProxy | undefined;
let databases = 0;

async function createDatabase(): Promise<string> {
  const name = `faults_${++databases}`;
  await query(server.url, `create database ${name}`);
  return withParts({ pathname: `/${name}` });
}

function withParts(parts: { readonly pathname?: string; readonly port?: string }, from = server.url): string {
  return Object.assign(new URL(from), parts).href;
}

/** A database behind a proxy that fails on request. */
async function openProxy(): Promise<{ proxy: TcpFaultProxy; direct: string; connection: string }> {
  const direct = await createDatabase();
  proxy = await startTcpFaultProxy({ port: server.port });
  return { proxy, direct, connection: withParts({ port: String(proxy.port) }, direct) };
}

function* manyRows(): Generator<unknown[]> {
  for (let n = 1; n <= 20_000; n++) yield [n, "some text that takes room"];
}

async function expectNothing(url: string): Promise<void> {
  expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "0" }]);
  expect(await new MysqlTarget("t", "load", { connection: url }).exists()).toBe(false);
}

async function expectAll(url: string): Promise<void> {
  expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "20000" }]);
  expect(await new MysqlTarget("t", "load", { connection: url }).exists()).toBe(true);
}

/** Asks the server until a statement gives rows. */
async function untilFound(url: string, statement: string): Promise<void> {
  while ((await query(url, statement)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Waits until a number is more than 0 and does not change any more. */
async function untilStill(read: () => number): Promise<void> {
  for (let last = -1; read() === 0 || read() !== last; ) {
    last = read();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Statements like this that the server runs now. */
function running(like: string): string {
  return `select id from information_schema.processlist where info like '${like}' and id <> connection_id()`;
}

const lost = { code: "TARGET_UNAVAILABLE", retryable: true };

describeOwnMysql("A load over a bad network", () => {
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  afterEach(() => proxy?.close());

  it("succeeds when the reply to COMMIT is lost and the server has committed", async () => {
    const { proxy, direct, connection } = await openProxy();
    // The reply to the statements that ask whether the transaction is intact (11 bytes each) comes through.
    const afterCopy: LoadSpec["afterCopy"] = async () => {
      proxy.setFaults({ cut: { direction: "downstream", afterBytes: 22, times: 1 } });
    };
    await runTask(makeLoad({ connection, columns, rows: () => manyRows(), afterCopy }));
    expect(proxy.accepted).toBe(2);
    await expectAll(direct);
  });

  it("fails, to be tried again, when COMMIT did not reach the server", async () => {
    const { proxy, direct, connection } = await openProxy();
    const afterCopy: LoadSpec["afterCopy"] = async () => {
      const asked = "release savepoint leat".length + "savepoint leat".length + 2 * HEADER_BYTES;
      proxy.setFaults({ cut: { direction: "upstream", afterBytes: asked + 5, times: 1 } });
    };
    const spec = { connection, columns, rows: () => manyRows() };
    await expect(runTask(makeLoad({ ...spec, afterCopy }))).rejects.toMatchObject(lost);
    expect(proxy.accepted).toBe(2);
    await expectNothing(direct);
    await runTask(makeLoad(spec));
    await expectAll(direct);
  });

  it("fails, to be tried again, when the outcome of COMMIT cannot be asked for", async () => {
    const { proxy, direct, connection } = await openProxy();
    const afterCopy: LoadSpec["afterCopy"] = async () => {
      proxy.refuseConnections();
      proxy.setFaults({ cut: { direction: "downstream", afterBytes: 22 } });
    };
    const spec = { connection, columns, rows: () => manyRows() };
    await expect(runTask(makeLoad({ ...spec, afterCopy }))).rejects.toMatchObject(lost);
    await proxy.acceptConnections();
    proxy.setFaults({});
    await runTask(makeLoad({ ...spec, rows: () => expect.unreachable("the server had committed") }));
    await expectAll(direct);
  });

  for (const afterBytes of [0, 30_000, 300_000]) {
    it(`leaves nothing when the connection is cut after ${afterBytes} bytes of rows`, async () => {
      const { proxy, direct, connection } = await openProxy();
      const rows = function* () {
        proxy.setFaults({ cut: { direction: "upstream", afterBytes, times: 1 } });
        yield* manyRows();
      };
      await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject(lost);
      await expectNothing(direct);
      await runTask(makeLoad({ connection, columns, rows: () => manyRows() }));
      await expectAll(direct);
    });
  }

  it("fails when the connection is cut while the rows make a pause, without waiting for its end", async () => {
    const { proxy, direct, connection } = await openProxy();
    const rows = async function* () {
      yield* manyRows();
      proxy.cutAll();
      await new Promise(() => {});
    };
    await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject(lost);
    await expectNothing(direct);
  });

  it("fails when the server is killed, and leaves nothing", async () => {
    const connection = await createDatabase();
    const rows = async function* () {
      for (const row of manyRows()) {
        if (row[0] === 10_000) await server.kill();
        yield row;
      }
    };
    await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject(lost);
    await server.restart();
    await expectNothing(connection);
  });

  it("ends at once when it is aborted while the server does not answer", async () => {
    const { proxy, direct, connection } = await openProxy();
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
    await expectNothing(direct);
  });

  it("ends while it waits for a load of the same task, when it is aborted", async () => {
    const connection = await createDatabase();
    const controller = new AbortController();
    let letGo = (): void => {};
    const first = runTask(
      makeLoad({
        connection,
        columns,
        rows: async function* () {
          yield* manyRows();
          await new Promise<void>((resolve) => {
            letGo = resolve;
          });
        },
      }),
    );
    await untilFound(connection, running("load data%"));
    const second = runTask(makeLoad({ connection, columns, rows: () => [] }), { signal: controller.signal });
    await untilFound(connection, running("insert into `table_updates`%"));
    controller.abort(new Error("stop"));
    await expect(second).rejects.toThrow("stop");
    letGo();
    await first;
    await expectAll(connection);
  });

  it("gives up connecting after its time", async () => {
    const { proxy, connection } = await openProxy();
    proxy.setFaults({ blackHole: "both" });
    const target = new MysqlTarget("t", "a", { connection: `${connection}?connectTimeout=200` });
    await expect(target.exists()).rejects.toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
  });

  it("gives up asking for a marker after its time", async () => {
    const { proxy, connection } = await openProxy();
    const target = new MysqlTarget("t", "a", { connection: `${connection}?connectTimeout=3000` });
    await target.touch();
    proxy.setFaults({ blackHole: "both" });
    await expect(target.exists()).rejects.toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
    proxy.setFaults({});
    expect(await target.exists()).toBe(true);
  });

  it("is paused by the server: rows are not made ahead of it", async () => {
    const { proxy, connection } = await openProxy();
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
