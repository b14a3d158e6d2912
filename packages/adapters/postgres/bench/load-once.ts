/** Runs one load of the benchmark in a process of its own. */
import { PostgresCopyToTable, type RowSource } from "@leat/postgres";
import { loadOnce, sourceOf } from "../../../contrib/copy-to-table/bench/load-once.ts";
import { COLUMN_NAMES } from "../../../contrib/copy-to-table/bench/rows.ts";

const [kind = "", url = "", file = ""] = process.argv.slice(2);

class Load extends PostgresCopyToTable {
  override readonly connection = url;
  override readonly table = "bench";
  override readonly columns = COLUMN_NAMES;
  override rows(): RowSource {
    return sourceOf(kind, file);
  }
}

await loadOnce(new Load());
