import type { SftpClient } from "./sftp-client.ts";
import { hasStatus, isUnsupported, SftpFailure, STATUS } from "./sftp-errors.ts";

/** So many writers of one file may come into each other's gap. */
const MOST_REPLACEMENTS = 32;

export interface PublishOptions {
  /** Refuse in one step when the name is taken. */
  readonly exclusive: boolean;
  /** Where the server cannot replace in one step, do it in two. */
  readonly allowReplaceGap: boolean;
}

/** Gives a finished file its name. */
export async function publishFile(
  client: SftpClient,
  from: string,
  to: string,
  { exclusive, allowReplaceGap }: PublishOptions,
): Promise<void> {
  if (exclusive) return publishExclusively(client, from, to);
  try {
    await client.posixRename(from, to);
  } catch (error) {
    if (!isUnsupported(error)) throw await explainedRename(client, to, error);
    await replaceInSteps(client, from, to, allowReplaceGap);
  }
}

/** Gives a directory its name, if nothing has it. */
export async function publishDirectory(
  client: SftpClient,
  from: string,
  to: string,
  exclusive: boolean,
): Promise<void> {
  try {
    await renameToFree(client, from, to);
  } catch (error) {
    throw exclusive || !isTaken(error) ? error : fileInTheWay(error);
  }
}

async function publishExclusively(client: SftpClient, from: string, to: string): Promise<void> {
  try {
    // The one step that fails everywhere when the name is taken.
    await client.hardLink(from, to);
  } catch (error) {
    if (!isUnsupported(error)) throw await explainedLink(client, to, error);
    return renameToFree(client, from, to);
  }
  await client.unlink(from);
}

/** Renames as the protocol has it: that fails when the name is taken. */
async function renameToFree(client: SftpClient, from: string, to: string): Promise<void> {
  try {
    await client.rename(from, to);
  } catch (error) {
    throw await explainedRename(client, to, error);
  }
}

async function replaceInSteps(
  client: SftpClient,
  from: string,
  to: string,
  allowReplaceGap: boolean,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await client.rename(from, to);
    } catch (error) {
      const kind = await kindOf(client, to);
      if (kind === "file" && !allowReplaceGap) throw notReplaceable(error);
      // When nothing is there now, another writer is in its gap.
      const mayTryAgain = allowReplaceGap && kind !== "directory" && tries < MOST_REPLACEMENTS;
      if (!hasStatus(error, STATUS.FAILURE) || !mayTryAgain) throw await explainedRename(client, to, error);
      if (kind === "file") await unlinkIfThere(client, to);
    }
  }
}

async function unlinkIfThere(client: SftpClient, path: string): Promise<void> {
  try {
    await client.unlink(path);
  } catch (error) {
    if (!hasStatus(error, STATUS.NO_SUCH_FILE)) throw error;
  }
}

async function explainedRename(client: SftpClient, to: string, error: unknown): Promise<unknown> {
  if (!hasStatus(error, STATUS.FAILURE)) return error;
  const kind = await kindOf(client, to);
  if (kind === "file") return taken(error);
  if (kind === "directory") {
    const cure = "Give the path of a file, or remove the directory first.";
    return new SftpFailure("a directory is there", { code: "TARGET_IS_DIRECTORY", cure }, error);
  }
  const cure = "Perhaps the two paths are on different file systems: then copy and remove.";
  return new SftpFailure("the server refused to rename", { code: "TARGET_UNSUPPORTED", cure }, error);
}

async function explainedLink(client: SftpClient, to: string, error: unknown): Promise<unknown> {
  if (!hasStatus(error, STATUS.FAILURE)) return error;
  if ((await kindOf(client, to)) !== undefined) return taken(error);
  const cure = "Its file system has no hard links perhaps: leave `exclusive` out.";
  return new SftpFailure("the server refused to link", { code: "TARGET_UNSUPPORTED", cure }, error);
}

function taken(cause: unknown): SftpFailure {
  const row = { code: "TARGET_EXISTS", cure: "Remove it first." } as const;
  return new SftpFailure("something is there already", row, cause);
}

function isTaken(error: unknown): boolean {
  return error instanceof SftpFailure && error.row.code === "TARGET_EXISTS";
}

function fileInTheWay(cause: unknown): SftpFailure {
  const row = { code: "TARGET_NOT_DIRECTORY", cure: "Remove it first." } as const;
  return new SftpFailure("a file is there, which a directory cannot replace", row, cause);
}

function notReplaceable(cause: unknown): SftpFailure {
  const cure = "Set allowReplaceGap to have it removed first, or remove it yourself.";
  const reason = "the server cannot replace a file in one step";
  return new SftpFailure(reason, { code: "TARGET_UNSUPPORTED", cure }, cause);
}

/** What has a name; a link is a file. */
async function kindOf(client: SftpClient, path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await client.lstat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    if (hasStatus(error, STATUS.NO_SUCH_FILE)) return undefined;
    throw error;
  }
}
