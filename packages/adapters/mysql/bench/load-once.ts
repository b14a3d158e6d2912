/** Runs one load of the benchmark in a process of its own, and tells its parent the seconds and the peak of memory. */
import { createReadStream } from "node:fs";
import type { RunContext } from "@leat/core";
import { batches, MysqlCopyToTable, type RowSource, tsvFile } from "@leat/mysql";
import { COLUMNS, makeRow, ROWS } from "./rows.ts";

const [kind = "", url = "", file = ""] = process.argv.slice(2);

const SOURCES: Readonly<Record<string, () => RowSource>> = {
  *rows() {
    for (let n = 0; n < ROWS; n++) yield makeRow(n);
  },
  batches: () => batches(makeBatches()),
  inserts: () => batches(makeBatches()),
  file: () => tsvFile(createReadStream(file, { highWaterMark: 256 * 1024 })),
};

function* makeBatches(): Generator<unknown[][]> {
  for (let start = 0; start < ROWS; start += 1000) {
    yield Array.from({ length: Math.min(1000, ROWS - start) }, (_, index) => makeRow(start + index));
  }
}

class Load extends MysqlCopyToTable {
  override readonly connection = settings();
  override readonly table = "bench";
  override readonly columns = COLUMNS;
  override rows(): RowSource {
    return (SOURCES[kind] as () => RowSource)();
  }
}

function settings() {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const flags = kind === "inserts" ? { flags: ["-LOCAL_FILES"] } : {};
  return { host, port: Number(port), user, password, database: pathname.slice(1), ...flags };
}

const log = { debug() {}, info() {}, warn() {}, error() {} };
const context: RunContext = { signal: new AbortController().signal, log, progress() {} };
const task = new Load();
// The connection and the tables are no part of what is measured for the native client either.
await task.output().touch();
await task.output().remove();
const start = performance.now();
await task.run(context);
process.send?.({
  seconds: (performance.now() - start) / 1000,
  megabytes: process.resourceUsage().maxRSS / 1024,
});
