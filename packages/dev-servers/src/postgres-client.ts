import { Client } from "pg";

const CONNECT_TIMEOUT_MS = 5_000;

/** Connects, runs one statement, disconnects, and gives the rows. */
export async function queryPostgres(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A lost connection also rejects what waits for it; without a listener the event would end Node.
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}
