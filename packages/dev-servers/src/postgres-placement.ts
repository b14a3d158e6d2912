import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { type Account, findAccountById, hasAccountName, isRoot } from "./accounts.ts";
import { canEnter } from "./directories.ts";
import { canUseNamespaces, dropRootTo, type RunAs } from "./run-as.ts";

/** Where root puts what the server's account cannot reach elsewhere. */
const RELOCATION_ROOT = "/var/lib/leat";

/** Which programs run, on which data directory, as whom. */
export interface Placement {
  readonly bin: string;
  readonly dataDirectory: string;
  readonly runAs: RunAs;
}

/** What a placement depends on beside its paths; a test gives its own. */
export interface PlacementSystem {
  readonly canUseNamespaces: () => boolean;
  readonly relocationRoot: string;
  /** Gets a sentence when PostgreSQL runs in another way than expected. */
  readonly notice: (message: string) => void;
}

export const defaultPlacementSystem: PlacementSystem = {
  canUseNamespaces,
  relocationRoot: RELOCATION_ROOT,
  notice: (message) => process.stderr.write(`${message}\n`),
};

/**
 * Decides where and as whom PostgreSQL runs. It refuses to run as root, so root has to give it an identity that can reach
 * both the programs and the data directory: an account; else a user namespace; else an account, with copies in a place
 * that it can reach.
 */
export function placePostgres(bin: string, dataDirectory: string, system: PlacementSystem): Placement {
  if (!isRoot()) return { bin, dataDirectory, runAs: ordinaryIdentity(system) };
  const owner = ownerOfData(dataDirectory);
  if (owner?.uid === 0) return namespacePlacement(bin, dataDirectory, system);
  const account = owner ?? postgresAccount();
  const hidden = [bin, path.dirname(dataDirectory)].filter((directory) => !canEnter(account, directory));
  if (hidden.length === 0) return { bin, dataDirectory, runAs: { kind: "account", account } };
  if (owner !== undefined) throw hiddenDataError(dataDirectory, owner, hidden);
  if (!system.canUseNamespaces()) return relocate(bin, dataDirectory, hidden, account, system);
  system.notice(
    `PostgreSQL runs as root's "nobody": the account "${account.name}" cannot enter ${hidden.join(" or ")}`,
  );
  return { bin, dataDirectory, runAs: { kind: "namespace" } };
}

/** A user id without a name, as containers give them, is one that `initdb` refuses. */
function ordinaryIdentity(system: PlacementSystem): RunAs {
  if (hasAccountName()) return { kind: "self" };
  if (system.canUseNamespaces()) return { kind: "namespace" };
  throw new Error(
    `PostgreSQL needs a name for the user id ${process.getuid?.()}; add a line for it to /etc/passwd, ` +
      `or set DATABASE_URL to a PostgreSQL that you run yourself`,
  );
}

/** For data that root owns: a namespace made it, and only a namespace can use it again. */
function namespacePlacement(bin: string, dataDirectory: string, system: PlacementSystem): Placement {
  if (system.canUseNamespaces()) return { bin, dataDirectory, runAs: { kind: "namespace" } };
  throw new Error(
    `The PostgreSQL data directory "${dataDirectory}" belongs to root, as whom PostgreSQL refuses to run, ` +
      `and this system forbids user namespaces; give it to an account: chown -R ${postgresAccount().name} "${dataDirectory}"`,
  );
}

function relocate(
  bin: string,
  dataDirectory: string,
  hidden: readonly string[],
  account: Account,
  system: PlacementSystem,
): Placement {
  const root = system.relocationRoot;
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const reachableData = hidden.includes(path.dirname(dataDirectory))
    ? path.join(root, `postgres-data-${shortHash(dataDirectory)}`)
    : dataDirectory;
  const reachableBin = hidden.includes(bin) ? copyPrograms(bin, root) : bin;
  system.notice(
    `PostgreSQL uses the data directory ${reachableData} and the programs in ${reachableBin}: ` +
      `its account "${account.name}" cannot enter ${hidden.join(" or ")}`,
  );
  const runAs: RunAs = { kind: "account", account: ownerOfData(reachableData) ?? account };
  return { bin: reachableBin, dataDirectory: reachableData, runAs };
}

/** Copies an installation (the programs' directory with its neighbours `lib` and `share`) once for each build. */
function copyPrograms(bin: string, root: string): string {
  const { size, mtimeMs } = statSync(path.join(bin, "postgres"));
  const copy = path.join(root, `postgres-${shortHash(`${bin} ${size} ${mtimeMs}`)}`);
  if (!existsSync(copy)) {
    const partial = `${copy}.${process.pid}`;
    cpSync(path.dirname(bin), partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, copy);
  }
  return path.join(copy, path.basename(bin));
}

/** The account that owns an existing data directory, whom PostgreSQL has to run as. */
function ownerOfData(dataDirectory: string): Account | undefined {
  const status = statSync(path.join(dataDirectory, "PG_VERSION"), { throwIfNoEntry: false });
  if (status === undefined) return undefined;
  const { uid, gid } = status;
  return findAccountById(uid) ?? { name: String(uid), uid, gid };
}

function postgresAccount(): Account {
  const runAs = dropRootTo("postgres", "_postgres");
  if (runAs.kind !== "account") throw new Error("Only root can run PostgreSQL as another account");
  return runAs.account;
}

function hiddenDataError(dataDirectory: string, owner: Account, hidden: readonly string[]): Error {
  return new Error(
    `The PostgreSQL data directory "${dataDirectory}" belongs to "${owner.name}", who cannot enter ` +
      `${hidden.join(" or ")}; let the account in (chmod a+x on the directories above)`,
  );
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
