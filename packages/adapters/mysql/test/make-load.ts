import type { CopyToTable } from "@leat/copy-to-table";
import { type CrashLoad, type LoadSpec, makeLoad as makeSuiteLoad } from "@leat/copy-to-table/testing";
import { type MysqlConnection, MysqlCopyToTable } from "@leat/mysql";

/** Makes a load into the table `t`, unless the specification names another, with the id `load` or another. */
export function makeLoad(
  spec: Omit<LoadSpec, "table"> & { readonly connection: MysqlConnection; readonly table?: string },
): CopyToTable {
  abstract class Loader extends MysqlCopyToTable {
    override readonly connection = spec.connection;
  }
  return makeSuiteLoad({ Loader }, { table: "t", ...spec });
}

/** Makes a load of the tests that end loads by force. One that stands still while it connects waits until all others have come so far. */
export function makeCrashLoad({ url, markerTable }: CrashLoad, spec: LoadSpec): CopyToTable {
  abstract class Loader extends MysqlCopyToTable {
    override readonly connection = `${url}?connectTimeout=60000`;
    override readonly markerTable = markerTable;
  }
  return makeSuiteLoad({ Loader }, spec);
}
