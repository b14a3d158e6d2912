import { createReadStream } from "node:fs";
import { batches, type CopyToTable, type RowSource, tsvFile } from "@leat/copy-to-table";
import { standaloneContext } from "@leat/core";
import type { Load } from "./load-bench.ts";
import { makeBatches, makeRows } from "./rows.ts";

/** Ways to give the rows, by the name of the kind of load. */
export function sourceOf(kind: string, file: string): RowSource {
  if (kind === "rows") return makeRows();
  if (kind === "asyncRows") return asyncRows();
  if (kind === "file") return tsvFile(createReadStream(file, { highWaterMark: 256 * 1024 }));
  return batches(makeBatches());
}

async function* asyncRows() {
  yield* makeRows();
}

/** Runs a load and tells the parent process what it took. */
export async function loadOnce(task: CopyToTable): Promise<void> {
  const marker = task.output();
  // The connection and the tables are no part of what is measured for the native client either.
  await marker.touch();
  await marker.remove();
  const megabytesBefore = process.memoryUsage.rss() / 1024 ** 2;
  const start = performance.now();
  const before = process.cpuUsage();
  await task.run(standaloneContext(task));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.send?.({ seconds, cpu: (user + system) / 1e6, megabytes, megabytesBefore } satisfies Load);
}
