import { createHash } from "node:crypto";

/** Of the column `update_id`, in characters, as Luigi makes it. */
export const MAX_KEY_LENGTH = 128;

/** Begins keys that stand for an id. A task id of Luigi's has no colon. */
const PREFIX = "sha256:";

/**
 * The key that stands for an id where the id itself cannot: it is too long, or the column holds one that differs from it only
 * in what its collation ignores (case, accents, a blank at the end). No collation takes two such keys for one.
 */
export function substituteKey(updateId: string): string {
  return PREFIX + createHash("sha256").update(updateId).digest("hex");
}

/** Whether an id can be a key itself: it is short enough, and does not look like the key of another one. */
export function isKey(updateId: string): boolean {
  return Array.from(updateId).length <= MAX_KEY_LENGTH && !updateId.startsWith(PREFIX);
}

/** All keys by which an id may be in the table. */
export function keysOf(updateId: string): readonly string[] {
  return isKey(updateId) ? [updateId, substituteKey(updateId)] : [substituteKey(updateId)];
}
