import { fork } from "node:child_process";
import { type MariadbServer, startMariadb } from "@leat-internal/dev-servers";
import { zoneSuite } from "@leat/copy-to-table/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import { describeOwnMysql, query } from "./mysql-servers.ts";

const CHILD = new URL("zone-child.ts", import.meta.url);

/** A server of this file's own: tests set its zone. */
let server: MariadbServer;

async function openZones() {
  const { url } = server;
  await query(url, "drop table if exists zones, table_updates");
  return {
    shown: {
      text: "lower(hex(text_))",
      unsigned: "unsigned_",
      decimal: "decimal_",
      double: "double_",
      time: "time_",
      moment: "convert_tz(moment_, @@session.time_zone, '+00:00')",
      day: "day_",
      bytes: "lower(hex(bytes_))",
    },
    query: (text: string) => query(url, text),
    setServerZone: async (zone: string) => void (await query(url, `set global time_zone = '${zone}'`)),
    forkLoader: (timeZone: string) =>
      fork(CHILD, [url], {
        execArgv: ["--import", "tsx", "--conditions=@leat/source"],
        env: { ...process.env, TZ: timeZone },
        serialization: "advanced",
      }),
    close: async () => {},
  };
}

describeOwnMysql("MysqlCopyToTable", () => {
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());
  zoneSuite({ describe, it }, "A load", openZones, ["+05:30", "+00:00", "-05:00"]);
});
