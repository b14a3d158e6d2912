import { fork } from "node:child_process";
import { zoneSuite } from "@leat/copy-to-table/testing";
import { describe, it } from "vitest";
import { describePostgres, query, type TestServer } from "./postgres-servers.ts";

const CHILD = new URL("zone-child.ts", import.meta.url);

async function openZones(server: TestServer) {
  const url = await server.createDatabase();
  const database = new URL(url).pathname.slice(1);
  return {
    shown: {
      text: "encode(convert_to(text_, 'UTF8'), 'hex')",
      unsigned: "unsigned_::text",
      decimal: "decimal_::text",
      double: "double_::text",
      time: "time_::text",
      moment: "(moment_ at time zone 'UTC')::text",
      day: "day_::text",
      bytes: "encode(bytes_, 'hex')",
    },
    query: (text: string) => query(url, text),
    setServerZone: async (zone: string) =>
      void (await query(server.server.url, `alter database ${database} set timezone = '${zone}'`)),
    forkLoader: (timeZone: string) =>
      fork(CHILD, [url], {
        execArgv: ["--import", "tsx", "--conditions=@leat/source"],
        env: { ...process.env, TZ: timeZone },
        serialization: "advanced",
      }),
    close: async () => {},
  };
}

describePostgres("PostgresCopyToTable", (server) => {
  zoneSuite({ describe, it }, "A load", () => openZones(server()), [
    "Asia/Kolkata",
    "UTC",
    "America/New_York",
  ]);
});
