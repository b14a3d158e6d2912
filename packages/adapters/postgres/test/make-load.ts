import type { CopyToTable } from "@leat/copy-to-table";
import { type CrashLoad, type LoadSpec, makeLoad as makeSuiteLoad } from "@leat/copy-to-table/testing";
import { type PostgresConnection, PostgresCopyToTable } from "@leat/postgres";

/** Makes a load into the table `t`, unless the specification names another, with the id `load` or another. */
export function makeLoad(
  spec: Omit<LoadSpec, "table"> & { readonly connection: PostgresConnection; readonly table?: string },
): CopyToTable {
  abstract class Loader extends PostgresCopyToTable {
    override readonly connection = spec.connection;
  }
  return makeSuiteLoad({ Loader }, { table: "t", ...spec });
}

/** Makes a load of the tests that end loads by force. One that stands still while it connects waits until all others have come so far. */
export function makeCrashLoad({ url, markerTable }: CrashLoad, spec: LoadSpec): CopyToTable {
  abstract class Loader extends PostgresCopyToTable {
    override readonly connection = { connectionString: url, connectionTimeoutMillis: 60_000 };
    override readonly markerTable = markerTable;
  }
  return makeSuiteLoad({ Loader }, spec);
}
