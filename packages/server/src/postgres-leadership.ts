import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import type { StoreOptions } from "./store.ts";

/** Key of the advisory lock that the leader holds: "leat" in ASCII, and 2. */
const LEADER_LOCK = "1818583412, 2";

/** How often a standby asks whether the leader is gone. */
const POLL_MS = 300;

/**
 * Waits until no other leatd leads, and begins a new epoch. The lock belongs to the connection: it is free again as
 * soon as the connection is gone, however that came about.
 */
export async function acquireLeadership(client: ClientBase, options: StoreOptions): Promise<number> {
  let leader: string | undefined;
  while (!(await tryLock(client))) {
    const present = await leaderOf(client);
    if (present !== leader) options.onStandby({ leader: present === "" ? null : present });
    leader = present;
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
  const { rows } = await client.query<{ epoch: number }>(
    "UPDATE leader SET epoch = epoch + 1, url = $1, since = now() RETURNING epoch",
    [options.url],
  );
  return rows[0]?.epoch as number;
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `SELECT pg_try_advisory_lock(${LEADER_LOCK}) AS locked`,
  );
  return rows[0]?.locked === true;
}

async function leaderOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ url: string }>("SELECT url FROM leader");
  return rows[0]?.url ?? "";
}
