/** Runs one load of the benchmark in a process of its own. */
import { MysqlCopyToTable, type RowSource } from "@leat/mysql";
import { loadOnce, sourceOf } from "../../../contrib/copy-to-table/bench/load-once.ts";
import { COLUMN_NAMES } from "../../../contrib/copy-to-table/bench/rows.ts";

const [kind = "", url = "", file = ""] = process.argv.slice(2);

class Load extends MysqlCopyToTable {
  override readonly connection = settings();
  override readonly table = "bench";
  override readonly columns = COLUMN_NAMES;
  override rows(): RowSource {
    return sourceOf(kind, file);
  }
}

function settings() {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const flags = kind === "inserts" ? { flags: ["-LOCAL_FILES"] } : {};
  return { host, port: Number(port), user, password, database: pathname.slice(1), ...flags };
}

await loadOnce(new Load());
