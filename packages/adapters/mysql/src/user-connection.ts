import type { Connection, PoolConnection } from "mysql2";
import type { Connection as PromiseConnection } from "mysql2/promise";
import { Client } from "./client.ts";
import { checkCharset } from "./lease.ts";
import { applySettings, restoreSettings, TEXT_SETTINGS } from "./session-settings.ts";

/** A connection that the user has opened, by `mysql2` or `mysql2/promise`, or taken from a pool of theirs. */
export type MysqlSessionConnection = Connection | PromiseConnection;

/** Runs `work` in the session of the user, which keeps its transaction and its settings. */
export async function inSession<T>(
  connection: MysqlSessionConnection,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const core = "connection" in connection ? connection.connection : connection;
  // What a connection of a pool has more is not used here.
  const session = core as PoolConnection;
  checkCharset(session);
  const client = new Client(session);
  await applySettings(client, TEXT_SETTINGS);
  try {
    const result = await work(client);
    await restoreSettings(client, TEXT_SETTINGS);
    return result;
  } catch (error) {
    // The first error counts, and a connection that is lost has no settings.
    await restoreSettings(client, TEXT_SETTINGS).catch(() => {});
    throw error;
  }
}
