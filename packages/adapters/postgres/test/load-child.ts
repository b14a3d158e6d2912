/**
 * Loads 20 batches of 1000 rows into `t` of DATABASE_URL and ends by itself. Before each step it tells its parent, and waits for an
 * answer.
 */

import { once } from "node:events";
import { runTask } from "@leat/copy-to-table/testing";
import { batches } from "@leat/postgres";
import { makeLoad } from "./make-load.ts";

async function tell(step: string): Promise<void> {
  process.send?.(step);
  await once(process, "message");
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
