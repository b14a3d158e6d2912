/**
 * Measures loads of a million rows against `LOAD DATA LOCAL` of a ready text file by the native client and against Luigi's
 * `CopyToTable` on that file. Run with
 *
 *     npm run bench -w @leat/mysql
 *
 * Needs MariaDB with its client, and Python for Luigi. Variables of the environment: see `benchLoads`.
 */
import { readFileSync } from "node:fs";
import { startMariadb } from "@leat-internal/dev-servers";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { benchLoads, child, luigi, program } from "../../../contrib/copy-to-table/bench/load-bench.ts";

const DRIVER = "mysql-connector-python==26.10.0";
const SCRIPT = new URL("../../../contrib/copy-to-table/bench/luigi_load.py", import.meta.url);
/** Compiled, as users run it: what reads TypeScript takes as much memory as a load. */
const LOAD_ONCE = new URL("dist/adapters/mysql/bench/load-once.js", import.meta.url);

const server = await startMariadb({
  settings: { "innodb-buffer-pool-size": "512M", "innodb-log-file-size": "256M" },
});
const client = await createConnection(server.url);
const { host, port, user, password, database } = server;
const address = [`--host=${host}`, `--port=${port}`, `--user=${user}`];
const leat = (kind: string) => (file: string) => child(LOAD_ONCE, [kind, server.url, file]);

async function select<Row>(sql: string): Promise<Row> {
  const [[row]] = await client.query<RowDataPacket[]>(sql);
  return row as Row;
}

try {
  const { path } = await select<{ path: string }>("select @@pid_file as path");
  await benchLoads({
    serverPid: Number(readFileSync(path, "utf8")),
    kinds: {
      native(file) {
        const statement = `load data local infile '${file}' into table bench character set utf8mb4`;
        // The password is given by the environment: arguments are seen by all.
        return program("mariadb", [...address, "--local-infile=1", database, "-e", statement], {
          MYSQL_PWD: password,
        });
      },
      rows: leat("rows"),
      batches: leat("batches"),
      file: leat("file"),
      inserts: leat("inserts"),
      luigi: (file) => luigi(SCRIPT, ["mysql", host, String(port), user, password, database, file], [DRIVER]),
    },
    async reset() {
      await client.query("drop table if exists bench, table_updates");
      await client.query(
        "create table bench (id int, plays bigint, score double, title varchar(40), played_at datetime(6), note varchar(40)) engine = InnoDB",
      );
    },
    count: () => select("select count(*) as `rows`, count(note) as notes from bench"),
  });
} finally {
  await client.end();
  await server.stop();
}
