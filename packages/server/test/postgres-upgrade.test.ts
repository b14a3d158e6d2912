import { createPostgresDatabase, describeWith } from "@leat-internal/dev-servers/vitest";
import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { POSTGRES_SCHEMA_VERSION } from "../src/postgres-schema.ts";
import { fixture, goOn, oldState, openState, sayAsThen, workOn } from "./old-states.ts";

/** `sqliteVersion`: which version of SQLite's schema the same leatd wrote; what it said of the state is the same. */
const VERSIONS = [
  { version: 1, sqliteVersion: 4 },
  { version: 2, sqliteVersion: 5 },
];

/** The URL of a database in which the statements were run. */
async function databaseWith(sql: string): Promise<string> {
  const database = await createPostgresDatabase();
  onTestFinished(() => database.drop());
  const client = new Client(database.url);
  await client.connect();
  await client.query(sql);
  await client.end();
  return database.url;
}

describeWith("postgres")("a state in PostgreSQL", () => {
  it.each(VERSIONS)(
    "of version $version is gone on with and worked on with",
    async ({ version, sqliteVersion }) => {
      const store = await openState(await databaseWith(fixture(`postgres-v${version}.sql`)));
      const { engine, replayed } = await goOn(store);
      const then = oldState(sqliteVersion);
      expect(replayed).toBe(11);
      expect(await sayAsThen(engine, store, then)).toEqual(then);
      expect(await store.database.rows("SELECT version FROM schema_version")).toEqual([
        { version: POSTGRES_SCHEMA_VERSION },
      ]);
      await workOn(engine);
      const kept = await store.database.rows("SELECT task_id FROM attempts ORDER BY id DESC");
      expect(kept.map((row) => row["task_id"])).toEqual(["Running", "Disabled", "Failed", "Done"]);
    },
  );

  it("of each version that can be met is tried, the present one included", () => {
    expect(VERSIONS.map(({ version }) => version)).toEqual([1, POSTGRES_SCHEMA_VERSION]);
  });

  it("of a later version is left alone: which database, which version and what to do is said, and no password", async () => {
    const later = POSTGRES_SCHEMA_VERSION + 1;
    const url = await databaseWith(
      `CREATE SCHEMA leatd; CREATE TABLE leatd.schema_version AS SELECT ${later} AS version`,
    );
    const error: Error = await openState(url).then(
      () => expect.fail("It was opened."),
      (thrown: Error) => thrown,
    );
    const { host, pathname, password } = new URL(url);
    expect(error).toMatchObject({ code: "STATE_TOO_NEW" });
    expect(error.message).toContain(`has version ${later}, and this leatd knows versions up to`);
    expect(error.message).toContain("Use the leatd that wrote it, or a later one.");
    for (const named of [host, pathname.slice(1)]) expect(error.message).toContain(named);
    expect(error.message).not.toContain(password);
  });
});
