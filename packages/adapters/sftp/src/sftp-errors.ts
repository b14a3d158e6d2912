import { LeatError, NETWORK_ERRORS, TargetError, type TargetErrorRow } from "@leat/core";

/** Status codes of SFTP version 3. https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-7 */
export const STATUS = {
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  FAILURE: 4,
  BAD_MESSAGE: 5,
  OP_UNSUPPORTED: 8,
} as const;

const RECONNECT = "Check that the server runs and can be reached, or wait for it.";

/** Status code of an answer → our code. */
const STATUSES: Readonly<Record<number, TargetErrorRow>> = {
  [STATUS.NO_SUCH_FILE]: { code: "TARGET_NOT_FOUND", cure: "Nothing is there: check the path." },
  [STATUS.PERMISSION_DENIED]: { code: "TARGET_FORBIDDEN", cure: "Give this account the permission." },
  // Stands for everything else that can go wrong on the server; what can be told by looking was told before.
  [STATUS.FAILURE]: {
    code: "TARGET_UNAVAILABLE",
    cure: "The server does not say why: see its log.",
  },
  // OpenSSH says so of names that are too long for the file system.
  [STATUS.BAD_MESSAGE]: { code: "TARGET_UNSUPPORTED", cure: "Shorten the name." },
  [STATUS.OP_UNSUPPORTED]: { code: "TARGET_UNSUPPORTED", cure: "The server cannot do that." },
};

/** Errors of ssh2 that are known by their message only, and have that in it. */
const MESSAGES: readonly (TargetErrorRow & { readonly part: string })[] = [
  {
    part: "All configured authentication methods failed",
    code: "TARGET_FORBIDDEN",
    cure: "Check the user, and the password, key or agent that you gave.",
  },
  {
    part: "Encrypted private",
    code: "TARGET_FORBIDDEN",
    cure: "Give the passphrase of the private key.",
  },
  {
    part: "Cannot parse privateKey",
    code: "TARGET_FORBIDDEN",
    cure: "Give a private key in the format of OpenSSH, PEM or PPK, and its passphrase.",
  },
  {
    part: "no matching",
    code: "TARGET_UNSUPPORTED",
    cure: "The server is too old or too strict: it has no algorithm in common with ssh2.",
  },
  {
    part: "Unable to start subsystem",
    code: "TARGET_UNSUPPORTED",
    cure: "Enable the subsystem sftp on the server.",
  },
  // A server that is full, or starting, closes new connections before it greets.
  {
    part: "Connection lost before handshake",
    code: "TARGET_UNAVAILABLE",
    cure: RECONNECT,
    retryable: true,
  },
];

// Servers restart and networks heal.
const LOST: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: RECONNECT, retryable: true };

const NO_ANSWER: TargetErrorRow = {
  code: "TARGET_TIMEOUT",
  cure: "Check that it is an SFTP server and not overloaded, or raise the limit.",
  // An overloaded server answers again, and a broken path is replaced by another.
  retryable: true,
};

/** Why something failed, with what that is for users: a connection that was not made or was lost, an answer explained. */
export class SftpFailure extends Error {
  readonly row: TargetErrorRow;

  constructor(message: string, row: TargetErrorRow, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SftpFailure";
    this.row = row;
  }
}

/** An error of ssh2 while connecting as the reason why there is no connection. */
export function connectError(error: unknown): SftpFailure {
  if (error instanceof SftpFailure) return error;
  const { code = "" } = error as NodeJS.ErrnoException;
  const reason = reasonOf(error as Error);
  const row = MESSAGES.find(({ part }) => reason.includes(part)) ?? NETWORK_ERRORS[code] ?? LOST;
  return new SftpFailure(reason, row, error);
}

/** The connection ended, by an error or without one. */
export function connectionLost(error: Error | undefined): SftpFailure {
  if (error instanceof SftpFailure) return error;
  const reason = error === undefined ? "the server closed it" : reasonOf(error);
  return new SftpFailure(`the connection was lost: ${reason}`, LOST, error);
}

/** Nothing came in time. */
export function noAnswer(awaited: string, milliseconds: number): SftpFailure {
  return new SftpFailure(`${awaited} within ${milliseconds} ms`, NO_ANSWER);
}

/** Does `operation` and tells its errors as ours; `action` says what is tried, with the path: `write out/x.csv`. */
export async function attempt<T>(action: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw sftpError(error, action, path);
  }
}

/** An error of a connection or an answer of the server as ours; others stay as they are. */
export function sftpError(error: unknown, action: string, path: string): unknown {
  if (LeatError.is(error) || !(error instanceof Error)) return error;
  const row = error instanceof SftpFailure ? error.row : STATUSES[statusOf(error)];
  if (row === undefined) return error;
  const status = statusOf(error);
  return new TargetError(row.code, `Cannot ${action}: ${error.message.replace(/\.$/, "")}. ${row.cure}`, {
    cause: error,
    retryable: row.retryable ?? false,
    details: { path, ...(Number.isNaN(status) ? {} : { status }) },
  });
}

export function hasStatus(error: unknown, status: number): boolean {
  return statusOf(error) === status;
}

/** What a server answers where nothing is. */
export function noSuchFile(cause: unknown): Error {
  return Object.assign(new Error("No such file", { cause }), { code: STATUS.NO_SUCH_FILE });
}

/** Whether the server lacks what it was asked for: it says so, or ssh2 does not even ask. */
export function isUnsupported(error: unknown): boolean {
  return (
    hasStatus(error, STATUS.OP_UNSUPPORTED) ||
    (error as Error).message === "Server does not support this extended request"
  );
}

/** Whether an error is about the connection, and another one may do better. */
export function isLost(error: unknown): boolean {
  return error instanceof SftpFailure && error.row.retryable === true;
}

/** Some servers answer with codes of later versions, which all say more exactly what failed. */
function statusOf(error: unknown): number {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code !== "number" || error instanceof SftpFailure) return Number.NaN;
  return code > STATUS.OP_UNSUPPORTED ? STATUS.FAILURE : code;
}

/** `getConnection: connect ECONNREFUSED 127.0.0.1:22` → without the name of the function. */
function reasonOf(error: Error): string {
  // Node gives an error without a message when it tried several addresses.
  const several = (error as AggregateError).errors?.map((one: Error) => one.message).join("; ");
  return (error.message || several || error.name).replace(/^\w+: (?=.)/, "");
}
