/**
 * Measures loads of a million rows against `psql \copy` of a ready text file and against Luigi's `CopyToTable` on that file. Run
 * with
 *
 *     npm run bench -w @leat/postgres
 *
 * Needs PostgreSQL from Debian for `psql`, and Python for Luigi. Variables of the environment: see `benchLoads`.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { findDebianPostgres, startPostgres } from "@leat-internal/dev-servers";
import { Client } from "pg";
import { benchLoads, child, luigi, program } from "../../../contrib/copy-to-table/bench/load-bench.ts";

const DRIVER = "psycopg2-binary==2.9.13";
const SCRIPT = new URL("../../../contrib/copy-to-table/bench/luigi_load.py", import.meta.url);
/** Compiled, as users run it: what reads TypeScript takes as much memory as a load. */
const LOAD_ONCE = new URL("dist/adapters/postgres/bench/load-once.js", import.meta.url);

const bin = findDebianPostgres();
if (bin === undefined) throw new Error("There is no psql: apt-get install postgresql");
const psql = path.join(bin, "psql");
const server = await startPostgres({ bin, notice() {} });
const client = new Client({ connectionString: server.url });
await client.connect();
const { host, port, user, password, database } = server;
const [pid] = readFileSync(path.join(server.dataDirectory, "postmaster.pid"), "utf8").split("\n", 1);
const leat = (kind: string) => (file: string) => child(LOAD_ONCE, [kind, server.url, file]);

try {
  await benchLoads({
    serverPid: Number(pid),
    kinds: {
      psql: (file) => program(psql, [server.url, "-qc", `\\copy bench from '${file}'`]),
      rows: leat("rows"),
      asyncRows: leat("asyncRows"),
      batches: leat("batches"),
      textFormat: leat("textFormat"),
      file: leat("file"),
      luigi: (file) =>
        luigi(SCRIPT, ["postgres", host, String(port), user, password, database, file], [DRIVER]),
    },
    async reset(kind) {
      await client.query("drop table if exists bench, table_updates");
      await client.query("drop domain if exists note");
      await client.query("create domain note as text");
      // A column whose type only the server knows makes the whole load go as text.
      const note = kind === "textFormat" ? "note" : "text";
      await client.query(
        `create table bench (id integer, plays bigint, score double precision, title text, played_at timestamp, note ${note})`,
      );
      await client.query("checkpoint");
    },
    async count() {
      const { rows } = await client.query<{ rows: number; notes: number }>(
        "select count(*)::int as rows, count(note)::int as notes from bench",
      );
      return rows[0] ?? { rows: 0, notes: 0 };
    },
  });
} finally {
  await client.end();
  await server.stop();
}
