import { fork } from "node:child_process";
import { type MariadbServer, startMariadb } from "@leat-internal/dev-servers";
import { exactlyOnceSuite, type MessageLength } from "@leat/copy-to-table/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { makeCrashLoad } from "./make-load.ts";
import { describeMysql, query } from "./mysql-servers.ts";
import { SEED } from "./seed.ts";

const CHILD = new URL("load-child.ts", import.meta.url);
const isThorough = process.env["LEAT_SLOW_TESTS"] === "1";

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

describeMysql("MysqlCopyToTable", () => {
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  exactlyOnceSuite({ describe, it }, "A load", openCrashLoads, { isThorough, seed: SEED });
});
