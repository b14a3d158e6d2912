import type { ClientBase } from "pg";
import { ServerError } from "./errors.ts";

/** Steps from each version of the schema to the next; the version of a database is the number of steps it has taken. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE leader (
     id integer PRIMARY KEY CHECK (id = 1),
     epoch bigint NOT NULL,
     url text NOT NULL,
     since timestamptz NOT NULL
   );
   INSERT INTO leader VALUES (1, 0, '', now());
   CREATE TABLE entries (
     sequence bigint PRIMARY KEY,
     at bigint NOT NULL,
     command text NOT NULL,
     command_checksum bigint NOT NULL,
     reply_checksum bigint NOT NULL,
     epoch bigint NOT NULL
   );
   CREATE TABLE snapshot (
     id integer PRIMARY KEY CHECK (id = 1),
     sequence bigint NOT NULL,
     config text NOT NULL,
     epoch bigint NOT NULL
   );
   CREATE TABLE snapshot_parts (number bigint PRIMARY KEY, records text NOT NULL, checksum bigint NOT NULL);
   CREATE TABLE attempts (
     id bigserial PRIMARY KEY,
     token text NOT NULL,
     task_id text NOT NULL,
     family text NOT NULL,
     params text NOT NULL,
     worker text NOT NULL,
     started_at bigint NOT NULL,
     ended_at bigint NOT NULL,
     outcome text NOT NULL,
     reason text NOT NULL,
     explanation text
   );
   CREATE INDEX attempts_by_task ON attempts USING hash (task_id);
   CREATE INDEX attempts_by_family ON attempts USING hash (family);
   CREATE INDEX attempts_by_end ON attempts (ended_at);
   CREATE TABLE logs (id bigserial PRIMARY KEY, token text NOT NULL, at bigint NOT NULL, text text NOT NULL);
   CREATE INDEX logs_by_token ON logs (token, id);
   CREATE TABLE operations (id bigserial PRIMARY KEY, at bigint NOT NULL, operation text NOT NULL);`,
  `ALTER TABLE attempts ADD COLUMN outputs text, ADD COLUMN bytes bigint, ADD COLUMN rows bigint;
   CREATE TABLE runs (
     id bigserial PRIMARY KEY,
     worker text NOT NULL,
     started_at bigint NOT NULL,
     ended_at bigint,
     info text NOT NULL,
     UNIQUE (worker, started_at)
   );`,
];

/** Version of the schema that this code writes. */
export const POSTGRES_SCHEMA_VERSION = MIGRATIONS.length;

/** Key of the advisory lock under which the schema is changed: "leat" in ASCII, and 1. */
const MIGRATION_LOCK = "1818583412, 1";

/** Makes the schema `leatd` or brings it to the present version, in one transaction. */
export async function migratePostgres(client: ClientBase, place: string): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await client.query("CREATE SCHEMA IF NOT EXISTS leatd");
    await client.query("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
    const { rows } = await client.query<{ version: number }>("SELECT version FROM schema_version");
    await takeSteps(client, rows[0]?.version ?? 0, place);
    await client.query("COMMIT");
  } catch (error) {
    // What went wrong first is what matters; the connection may be gone.
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function takeSteps(client: ClientBase, present: number, place: string): Promise<void> {
  if (present > MIGRATIONS.length) {
    throw new ServerError(
      "STATE_TOO_NEW",
      `The state in ${place} has version ${present}, and this leatd knows versions up to ${MIGRATIONS.length}. ` +
        "Use the leatd that wrote it, or a later one.",
    );
  }
  if (present === MIGRATIONS.length) return;
  for (const step of MIGRATIONS.slice(present)) await client.query(step);
  await client.query("DELETE FROM schema_version");
  await client.query("INSERT INTO schema_version VALUES ($1)", [MIGRATIONS.length]);
}
