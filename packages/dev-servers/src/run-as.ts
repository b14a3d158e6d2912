import { spawnSync } from "node:child_process";
import { type Account, findAccount, isRoot } from "./accounts.ts";
import { findExecutable } from "./executables.ts";

/**
 * The identity a program runs with.
 *
 * - `self`: that of this process.
 * - `account`: another account; only root can do this.
 * - `namespace`: `nobody` in its own eyes, this process's user in the eyes of the file system. PostgreSQL refuses to
 *   run as root, and this satisfies it where no other account can reach its files. Needs user namespaces (Linux).
 */
export type RunAs =
  | { readonly kind: "self" }
  | { readonly kind: "account"; readonly account: Account }
  | { readonly kind: "namespace" };

/** A program with its arguments, as `spawn` takes them. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/** As root, the first of the named accounts that exists, at last `nobody`; as anyone else, the same user. */
export function dropRootTo(...names: readonly string[]): RunAs {
  if (!isRoot()) return { kind: "self" };
  const account = findAccount(...names, "nobody");
  if (account === undefined) {
    throw new Error(
      `None of the accounts ${[...names, "nobody"].join(", ")} exists to run a server; add one`,
    );
  }
  return { kind: "account", account };
}

/** The account that owns what a program run this way creates, when it is not this process's own. */
export function accountOf(runAs: RunAs): Account | undefined {
  return runAs.kind === "account" ? runAs.account : undefined;
}

/**
 * How to spawn a program so that it runs with the identity and, where `setpriv` can arrange it, ends when the thread
 * that spawned it dies, even by SIGKILL.
 */
export function wrapCommand(command: string, args: readonly string[], runAs: RunAs): Invocation {
  if (runAs.kind === "account") return wrapForAccount(command, args, runAs.account);
  // Inside the namespace, setpriv asks for the signal after the change of credentials, which may clear it.
  const namespace = runAs.kind === "namespace" ? unshareWords() : [];
  return invocation([...namespace, ...setprivWords([]), command, ...args]);
}

/** True when the kernel lets this process make a user namespace. Containers often forbid it. */
export function canUseNamespaces(): boolean {
  if (process.platform !== "linux") return false;
  const [unshare, ...options] = unshareWords();
  return unshare !== undefined && spawnSync(unshare, [...options, "true"]).status === 0;
}

/** True when servers end with the process that started them, however that ends. */
export function endsWithParent(): boolean {
  return setprivWords([]).length > 0;
}

function wrapForAccount(command: string, args: readonly string[], { uid, gid }: Account): Invocation {
  const drop = setprivWords([`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"]);
  if (drop.length > 0) return invocation([...drop, command, ...args]);
  return { command, args, identity: { uid, gid } };
}

function invocation([command = "", ...args]: readonly string[]): Invocation {
  return { command, args, identity: {} };
}

function unshareWords(): string[] {
  const unshare = findExecutable("unshare");
  return unshare === undefined ? [] : [unshare, "--user", "--map-user=65534", "--map-group=65534", "--"];
}

let setpriv: string | false | undefined;

function setprivWords(options: readonly string[]): string[] {
  setpriv ??= findSetpriv() ?? false;
  return setpriv === false ? [] : [setpriv, "--pdeathsig=TERM", ...options, "--"];
}

/** BusyBox has a `setpriv` too, without this option, so it is tried out. */
function findSetpriv(): string | undefined {
  const found = process.platform === "linux" ? findExecutable("setpriv") : undefined;
  if (found === undefined) return undefined;
  return spawnSync(found, ["--pdeathsig=TERM", "--", "true"]).status === 0 ? found : undefined;
}
