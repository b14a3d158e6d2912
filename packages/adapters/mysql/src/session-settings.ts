import type { Client } from "./client.ts";

/** Variables of a session with the SQL to set them to. */
export type SessionSettings = Readonly<Record<string, string>>;

/** How texts and values in statements are read. They do not touch a transaction. */
export const TEXT_SETTINGS: SessionSettings = {
  // Errors in the place of changed values; 0 is a value of an AUTO_INCREMENT column, not a wish for the next one; and without
  // NO_BACKSLASH_ESCAPES, for which values would have to be escaped in another way.
  sql_mode:
    "'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'",
  character_set_client: "utf8mb4",
  character_set_results: "utf8mb4",
  // With it goes character_set_connection. Both MySQL and MariaDB have it.
  collation_connection: "utf8mb4_general_ci",
};

/** For every session: what a statement means must not depend on how a server or a pool is configured. */
export const COMMON_SETTINGS: SessionSettings = {
  ...TEXT_SETTINGS,
  time_zone: "'+00:00'",
  autocommit: "1",
  // Row and column are read from messages.
  lc_messages: "'en_US'",
};

const YEAR_SECONDS = "31536000";

/** For sessions that move rows. */
export const BULK_SETTINGS: SessionSettings = {
  // Making or using rows may take longer than the 30 or 60 seconds that servers wait for a client.
  net_read_timeout: YEAR_SECONDS,
  net_write_timeout: YEAR_SECONDS,
  wait_timeout: YEAR_SECONDS,
  // A load waits for the end of another one with the same marker, however long that takes.
  innodb_lock_wait_timeout: YEAR_SECONDS,
  max_error_count: "64",
  sql_notes: "1",
};

/** Sets variables, and notes what they were. */
export async function applySettings(client: Client, settings: SessionSettings): Promise<void> {
  const names = Object.keys(settings);
  await client.change(`set ${names.map((name) => `@leat_${name} = @@session.${name}`).join(", ")}`);
  await client.change(`set ${names.map((name) => `session ${name} = ${settings[name]}`).join(", ")}`);
}

/** Sets variables to what they were before `applySettings`. */
export async function restoreSettings(client: Client, settings: SessionSettings): Promise<void> {
  const names = Object.keys(settings);
  await client.change(`set ${names.map((name) => `session ${name} = @leat_${name}`).join(", ")}`);
}
