/** A process that loads values in its own time zone and reads them back. */
import { loadInZone } from "@leat/copy-to-table/testing";
import { PostgresTableTarget } from "@leat/postgres";
import { makeLoad } from "./make-load.ts";

const [connection = ""] = process.argv.slice(2);

await loadInZone(
  {
    text: "text",
    unsigned: "numeric(20)",
    decimal: "numeric(38, 6)",
    double: "double precision",
    time: "timestamp",
    moment: "timestamptz",
    day: "date",
    bytes: "bytea",
  },
  (spec) => makeLoad({ ...spec, connection }),
  new PostgresTableTarget("zones", { connection }),
);
