/** A process that loads values in its own time zone and reads them back. */
import { loadInZone } from "@leat/copy-to-table/testing";
import { MysqlTableTarget } from "@leat/mysql";
import { makeLoad } from "./make-load.ts";

const [connection = ""] = process.argv.slice(2);

await loadInZone(
  {
    text: "longtext",
    unsigned: "bigint unsigned",
    decimal: "decimal(38, 6)",
    double: "double",
    time: "datetime(6)",
    moment: "timestamp(6) null",
    day: "date",
    bytes: "longblob",
  },
  (spec) => makeLoad({ ...spec, connection }),
  new MysqlTableTarget("zones", { connection }),
);
