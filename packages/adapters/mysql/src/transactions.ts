import { TargetError } from "@leat/core";
import type { Client } from "./client.ts";
import { hasNumber } from "./mysql-errors.ts";

const ER_SP_DOES_NOT_EXIST = 1305;

/** Begins a transaction. Its level is MySQL's default; below it, `delete` would not keep others from inserting. */
export async function begin(client: Client): Promise<void> {
  await client.change("set transaction isolation level repeatable read");
  await client.change("start transaction");
  await client.change("savepoint leat");
}

/** Whether the transaction is the one that was begun: a deadlock ends it as a whole, and so does DDL. */
export async function isIntact(client: Client): Promise<boolean> {
  try {
    await client.change("release savepoint leat");
    await client.change("savepoint leat");
    return true;
  } catch (error) {
    if (hasNumber(error, [ER_SP_DOES_NOT_EXIST])) return false;
    throw error;
  }
}

/** Comments and blanks before a statement, then what commits implicitly. https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html */
const ENDS_TRANSACTION =
  /^(?:\s|--\s.*(?:\n|$)|#.*(?:\n|$)|\/\*(?!!)[^]*?\*\/)*(?:alter|analyze|begin|cache|check|commit|create(?!\s+temporary)|drop(?!\s+temporary)|flush|grant|install|lock|optimize|rename|repair|reset|revoke|rollback(?!\s+(?:work\s+)?to)|start|stop|truncate|uninstall|unlock)\b/i;

/** @throws TargetError `TARGET_UNSUPPORTED` for a statement that MySQL commits before it, with a part of the load */
export function refuseDdl(text: string): void {
  const match = ENDS_TRANSACTION.exec(text);
  if (match === null) return;
  const word = match[0].trim().split(/\s/).at(-1)?.toUpperCase();
  throw new TargetError(
    "TARGET_UNSUPPORTED",
    `${word} would end the transaction: MySQL cannot undo it, and would commit what was loaded before it. Run it in a task of its own.`,
  );
}
