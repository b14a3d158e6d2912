/** Loads 20 batches of 1000 rows into `t` of MYSQL_URL, telling its parent of each step, and ends by itself. */
import { runTask } from "@leat/copy-to-table/testing";
import { batches } from "@leat/mysql";
import { makeLoad } from "./make-load.ts";

function tell(step: string): Promise<void> {
  return new Promise((resolve) => process.send?.(step, () => resolve()));
}

async function* rows() {
  for (let batch = 0; batch < 20; batch++) {
    yield Array.from({ length: 1000 }, (_, row) => [batch * 1000 + row, "text ".repeat(20)]);
    await tell(`batch ${batch}`);
  }
}

const load = makeLoad({
  connection: undefined,
  columns: [
    ["n", "bigint"],
    ["text", "text"],
  ],
  rows: () => batches(rows()),
  afterCopy: () => tell("copied"),
});
await tell("start");
const [line] = await runTask(load);
await tell(line ?? "");
