import { readFileSync } from "node:fs";
import os from "node:os";

/** An account of the system, as a line of `/etc/passwd` gives it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** True when this process may change its user id. Always false on Windows. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The first of the named accounts that exists on this system. */
export function findAccount(...names: readonly string[]): Account | undefined {
  const accounts = readAccounts();
  return names.flatMap((name) => accounts.filter((account) => account.name === name))[0];
}

/** The account with this user id. */
export function findAccountById(uid: number): Account | undefined {
  return readAccounts().find((account) => account.uid === uid);
}

/** The name of the group with this id, or the id as text when it has no name. */
export function groupName(gid: number): string {
  const group = readDatabase("/etc/group").find(([, , id]) => Number(id) === gid);
  return group?.[0] ?? String(gid);
}

/** True when the system knows a name for the user of this process, which some servers insist on. */
export function hasAccountName(): boolean {
  try {
    return os.userInfo().username !== "";
  } catch {
    // https://nodejs.org/api/os.html#osuserinfooptions: throws when a user has no username or homedir.
    return false;
  }
}

function readAccounts(): Account[] {
  return readDatabase("/etc/passwd").map(([name = "", , uid, gid]) => ({
    name,
    uid: Number(uid),
    gid: Number(gid),
  }));
}

/** The lines of a colon-separated system file; none where there is no such file. */
function readDatabase(file: string): string[][] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => line.split(":"));
}
