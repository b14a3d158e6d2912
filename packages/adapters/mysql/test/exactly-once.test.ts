import { fork } from "node:child_process";
import { type MariadbServer, startMariadb } from "@leat-internal/dev-servers";
import {
  type CrashLoad,
  exactlyOnceSuite,
  fenceSuite,
  type MessageLength,
} from "@leat/copy-to-table/testing";
import { MysqlTarget } from "@leat/mysql";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCrashLoad } from "./make-load.ts";
import { describeOwnMysql, query } from "./mysql-servers.ts";
import { SEED } from "./seed.ts";

const CHILD = new URL("load-child.ts", import.meta.url);
const isThorough = process.env["LEAT_SLOW_TESTS"] === "1";

let users = 0;

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html: the length of the rest, and a number. */
const messageLength: MessageLength = (bytes) => (bytes.length < 4 ? undefined : 4 + bytes.readUIntLE(0, 3));

/** A server of this file's own: tests kill it. */
let server: MariadbServer;

async function openCrashLoads() {
  const { url } = server;
  return {
    url,
    messageLength,
    makeLoad: makeCrashLoad,
    query: (text: string) => query(url, text),
    isMissingTable: (error: unknown) => (error as { errno?: number }).errno === 1146,
    forkLoader: () => fork(CHILD, { execArgv: ["--import", "tsx", "--conditions=@leat/source"] }),
    killServer: () => server.kill(),
    restartServer: () => server.restart(),
    close: async () => {},
  };
}

/** With a user who may not end sessions of the first one. */
async function openFences() {
  const other = new URL(server.url);
  other.username = `other_${++users}`;
  other.password = "other";
  await query(server.url, `create user ${other.username}@'%' identified by 'other'`);
  await query(server.url, `grant all on ${other.pathname.slice(1)}.* to ${other.username}@'%'`);
  return { ...(await openCrashLoads()), otherUserUrl: other.href, begin: beginOwn };
}

/** Of a session that reads texts in another way, and goes on to do so. */
async function beginOwn({ url, table, markerTable }: CrashLoad) {
  const connection = await createConnection(url);
  await connection.query("set session sql_mode = 'NO_BACKSLASH_ESCAPES'");
  await connection.beginTransaction();
  const end = async (command: string): Promise<void> => {
    await connection.query(command);
    const [rows] = await connection.query("select @@session.sql_mode as mode");
    expect(rows).toEqual([{ mode: "NO_BACKSLASH_ESCAPES" }]);
    await connection.end();
  };
  const marker = new MysqlTarget(table, "load", { connection: url, markerTable });
  return {
    write: (token: string) => marker.write(connection, token),
    commit: () => end("commit"),
    rollback: () => end("rollback"),
  };
}

describeOwnMysql("MysqlCopyToTable", () => {
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  exactlyOnceSuite({ describe, it }, "A load", openCrashLoads, { isThorough, seed: SEED });
  fenceSuite({ describe, it }, "A load", openFences, { isThorough, seed: SEED });
});
