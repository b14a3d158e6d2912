import { type Marker, parseTableName, type TableName } from "@leat/copy-to-table";
import type { ClientBase } from "pg";
import { quoteTable } from "./identifiers.ts";
import { createIfMissing, relationExists } from "./tables.ts";

/** As Luigi makes it, so that both can use one table. */
const DEFINITION = "update_id text primary key, target_table text, inserted timestamp default now()";

/** The marker table of a database: one row for each load that is done. */
export class MarkerTable {
  readonly #table: TableName;
  readonly #quoted: string;

  /** @param name `table` or `schema.table` */
  constructor(name: string) {
    this.#table = parseTableName(name);
    this.#quoted = quoteTable(this.#table);
  }

  /** Makes the table when it is missing. */
  async ensure(client: ClientBase): Promise<void> {
    if (await relationExists(client, this.#table)) return;
    await createIfMissing(client, this.#table, DEFINITION);
  }

  /** Writes a marker. `false` when it is there; waits for a transaction that has written it and not ended. */
  async claim(client: ClientBase, { updateId, table }: Marker): Promise<boolean> {
    // In UTC: the default of the column, which is Luigi's, gives the time of the session's zone without naming it.
    const text = `insert into ${this.#quoted} (update_id, target_table, inserted) values ($1, $2, now() at time zone 'utc')
      on conflict (update_id) do nothing`;
    const result = await client.query(text, [updateId, table]);
    return result.rowCount === 1;
  }

  /** Those of the ids that have a marker. */
  async existing(client: ClientBase, updateIds: readonly string[]): Promise<Set<string>> {
    if (!(await relationExists(client, this.#table))) return new Set();
    const text = `select update_id from ${this.#quoted} where update_id = any($1::text[])`;
    const { rows } = await client.query<{ update_id: string }>(text, [updateIds]);
    return new Set(rows.map((row) => row.update_id));
  }

  /** Takes a marker away. Tells whether it was there. */
  async remove(client: ClientBase, updateId: string): Promise<boolean> {
    if (!(await relationExists(client, this.#table))) return false;
    const result = await client.query(`delete from ${this.#quoted} where update_id = $1`, [updateId]);
    return result.rowCount === 1;
  }
}
