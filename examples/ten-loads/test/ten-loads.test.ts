import { createPostgresDatabase, describeWith, type TestDatabase } from "@leat-internal/dev-servers/vitest";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asShown, ExampleRun } from "../../../test/support/readme-commands.ts";

describeWith("postgres")("ten loads into one table", () => {
  const example = new ExampleRun("ten-loads");
  let database: TestDatabase;
  beforeAll(async () => void (database = await createPostgresDatabase()));
  afterAll(async () => {
    example.remove();
    await database.drop();
  });

  it("the commands of the README print what it shows, and all rows are there once", async () => {
    const steps = await example.readme({ DATABASE_URL: database.url });
    expect(steps).toMatchObject(asShown(steps));
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const counted =
      "select count(*)::int as rows, count(distinct (part, value))::int as distinct from ten_loads";
    const { rows } = await client.query(counted);
    await client.end();
    expect(rows).toEqual([{ rows: 10_000, distinct: 10_000 }]);
  });
});
