import { LeatError, TargetError } from "./errors.ts";
import type { TargetErrorRow } from "./network-errors.ts";

/** System error → our code and what to do about it. Codes that are not here mean that the store is not usable now. */
const TABLE: Readonly<Record<string, TargetErrorRow>> = {
  ENOENT: { code: "TARGET_NOT_FOUND", cure: "Nothing is there: check the path." },
  ENOTDIR: {
    code: "TARGET_NOT_DIRECTORY",
    cure: "A file stands where a directory is needed: check the path.",
  },
  EISDIR: { code: "TARGET_IS_DIRECTORY", cure: "It is a directory: give the path of a file." },
  EEXIST: { code: "TARGET_EXISTS", cure: "Something is there already: remove it first." },
  ENOTEMPTY: { code: "TARGET_NOT_EMPTY", cure: "The directory has entries: remove it with recursive: true." },
  EACCES: { code: "TARGET_FORBIDDEN", cure: "Give this account the permission." },
  EPERM: { code: "TARGET_FORBIDDEN", cure: "Give this account the permission." },
  EROFS: { code: "TARGET_FORBIDDEN", cure: "The file system is read-only: write elsewhere." },
  ENOSPC: { code: "TARGET_FULL", cure: "The disk is full: free space there, or write elsewhere." },
  EDQUOT: { code: "TARGET_FULL", cure: "The quota is used up: free space there, or write elsewhere." },
  EFBIG: { code: "TARGET_FULL", cure: "The file is larger than this account or file system may have." },
  ENAMETOOLONG: { code: "TARGET_UNSUPPORTED", cure: "The name is too long for the file system: shorten it." },
  EXDEV: { code: "TARGET_UNSUPPORTED", cure: "The two paths are on different file systems." },
  // Some file systems have no hard links, which exclusive writing needs: FAT, some network shares.
  ENOTSUP: { code: "TARGET_UNSUPPORTED", cure: "The file system cannot do that: leave `exclusive` out." },
  ENOSYS: { code: "TARGET_UNSUPPORTED", cure: "The file system cannot do that: leave `exclusive` out." },
  // Every file handle is taken, by this process or by all: one is free again when others close theirs.
  EMFILE: { code: "TARGET_UNAVAILABLE", cure: "Too many files are open: raise the limit.", retryable: true },
  ENFILE: { code: "TARGET_UNAVAILABLE", cure: "Too many files are open: raise the limit.", retryable: true },
};

const OTHER: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "See the cause." };

/**
 * An error of the file system as ours; errors of ours and aborts stay as they are.
 *
 * @param action what was tried, with the path: `write out/x.csv`
 */
export function localError(error: unknown, action: string, path: string): unknown {
  if (LeatError.is(error) || !isSystemError(error)) return error;
  const row = TABLE[error.code] ?? OTHER;
  const message = `Cannot ${action}: ${reasonOf(error)}. ${row.cure}`;
  return new TargetError(row.code, message, {
    cause: error,
    retryable: row.retryable ?? false,
    details: { path, systemCode: error.code },
  });
}

/** Does `operation` and tells its errors as ours. */
export async function attempt<T>(action: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw localError(error, action, path);
  }
}

/** Nothing is at the path, or what should be a parent directory is a file. */
export function isMissing(error: unknown): boolean {
  return isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** An error as the operating system gives it, for what it would let pass. */
export function systemError(code: "EEXIST" | "EISDIR" | "ENOTDIR" | "ENOTSUP", reason: string): Error {
  return Object.assign(new Error(reason), { code });
}

/** `ENOENT` is a code of the system; `ERR_INVALID_ARG_TYPE` and `ABORT_ERR` are not. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && /^E[A-Z0-9]+$/.test(String((error as NodeJS.ErrnoException).code));
}

/** `ENOSPC: no space left on device, write` → `no space left on device (ENOSPC)` */
function reasonOf(error: NodeJS.ErrnoException & { code: string }): string {
  const text = /^[A-Z]+: ([^,]+)/.exec(error.message)?.[1] ?? error.message;
  return `${text} (${error.code})`;
}
