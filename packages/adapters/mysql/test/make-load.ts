import type { CopyToTable } from "@leat/copy-to-table";
import { type LoadSpec, makeLoad as makeSuiteLoad } from "@leat/copy-to-table/testing";
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
