import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { makeDirectory, removeDirectory, writePrivateFile } from "./directories.ts";
import type { Placement } from "./postgres-placement.ts";
import { accountOf } from "./run-as.ts";
import { runToEnd } from "./server-process.ts";

export const SUPERUSER = "postgres";

/** Kept in the data directory, readable by the server's account (and root) only. */
const PASSWORD_FILE = "leat-password";

/** What a running server tells in its `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * Makes the data directory, unless it is there already, and gives the superuser's password. Throws when the directory
 * holds something else or was made by another major version.
 *
 * A new one appears under its name only when it is complete, so a crash leaves no half of it, and of two processes that
 * make it at the same time both use the one that was first.
 */
export async function prepareDataDirectory(placement: Placement, durable: boolean): Promise<string> {
  const { dataDirectory } = placement;
  if (!isDataDirectory(dataDirectory)) await createDataDirectory(placement, durable);
  await checkMajorVersion(placement);
  return readPassword(dataDirectory);
}

/** The process id and port that a server of this data directory wrote down. It may have ended since, without a word. */
export function readPostmaster(dataDirectory: string): Postmaster | undefined {
  // https://www.postgresql.org/docs/current/storage-file-layout.html: process id, directory, start time, port, …
  const [pid, , , port] = (readIfThere(path.join(dataDirectory, "postmaster.pid")) ?? "").split("\n");
  return pid && port ? { pid: Number(pid), port: Number(port) } : undefined;
}

async function createDataDirectory(placement: Placement, durable: boolean): Promise<void> {
  const { dataDirectory, runAs } = placement;
  await mkdir(path.dirname(dataDirectory), { recursive: true });
  removeAbandonedStaging(dataDirectory);
  const suffix = `${process.pid}-${randomBytes(4).toString("hex")}`;
  const staging = makeDirectory(`${stagingPrefix(dataDirectory)}${suffix}`, accountOf(runAs));
  try {
    await initialise(placement, staging, durable);
    publish(path.join(staging, "data"), dataDirectory);
  } finally {
    removeDirectory(staging);
  }
}

async function initialise({ bin, runAs }: Placement, staging: string, durable: boolean): Promise<void> {
  const password = randomBytes(24).toString("hex");
  const passwordFile = writePrivateFile(path.join(staging, PASSWORD_FILE), password, accountOf(runAs));
  const data = path.join(staging, "data");
  const words = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-instructions"];
  const sync = durable ? [] : ["--no-sync"];
  await runToEnd({
    name: "initdb",
    command: path.join(bin, "initdb"),
    args: [...words, ...sync, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, `--pgdata=${data}`],
    directory: staging,
    runAs,
  });
  renameSync(passwordFile, path.join(data, PASSWORD_FILE));
}

function publish(source: string, dataDirectory: string): void {
  try {
    // Windows does not rename onto an empty directory.
    if (statSync(dataDirectory, { throwIfNoEntry: false })) rmdirSync(dataDirectory);
    renameSync(source, dataDirectory);
  } catch (error) {
    if (isDataDirectory(dataDirectory)) return;
    throw new Error(
      `Cannot make the PostgreSQL data directory "${dataDirectory}"; name one that is empty or not there`,
      { cause: error },
    );
  }
}

/** Removes what processes left that were killed while they made this data directory. */
function removeAbandonedStaging(dataDirectory: string): void {
  const parent = path.dirname(dataDirectory);
  const prefix = path.basename(stagingPrefix(dataDirectory));
  for (const name of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split("-")[0]);
    if (!isAlive(pid)) removeDirectory(path.join(parent, name));
  }
}

function stagingPrefix(dataDirectory: string): string {
  return `${dataDirectory}.init-`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function checkMajorVersion({ bin, dataDirectory }: Placement): Promise<void> {
  const made = readFileSync(path.join(dataDirectory, "PG_VERSION"), "utf8").trim();
  const output = await runToEnd({
    name: "postgres --version",
    command: path.join(bin, "postgres"),
    args: ["--version"],
    directory: bin,
  });
  const version = /\d+(\.\d+)?/.exec(output)?.[0] ?? output.trim();
  if (version.split(".")[0] === made) return;
  throw new Error(
    `The PostgreSQL data directory "${dataDirectory}" was made by PostgreSQL ${made}, and this is ${version}; ` +
      `start it with programs of version ${made} (option "bin"), or remove the directory to begin with an empty one`,
  );
}

function readPassword(dataDirectory: string): string {
  const password = readIfThere(path.join(dataDirectory, PASSWORD_FILE));
  if (password !== undefined) return password.trim();
  throw new Error(
    `The PostgreSQL data directory "${dataDirectory}" has no ${PASSWORD_FILE}: something else made it. ` +
      `Name another directory, or set DATABASE_URL to the server that it belongs to`,
  );
}

function isDataDirectory(directory: string): boolean {
  return statSync(path.join(directory, "PG_VERSION"), { throwIfNoEntry: false }) !== undefined;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
