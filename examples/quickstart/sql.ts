import { Client } from "pg";
import { openDatabase } from "./database.ts";
import { main } from "./main.ts";

/** Runs one statement in the database of the quickstart and shows its rows. */
await main(async ([statement]) => {
  if (statement === undefined)
    throw new Error('Give a statement: npm run sql -- "select * from quickstart_sums"');
  const database = await openDatabase();
  const client = new Client(database.url);
  try {
    await client.connect();
    const { rows, rowCount } = await client.query<Record<string, unknown>>(statement);
    if (rows.length > 0) console.table(rows);
    process.stdout.write(`${rowCount ?? 0} rows\n`);
    return 0;
  } finally {
    await client.end();
    await database.close();
  }
});
