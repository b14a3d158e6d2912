import { FTPError } from "basic-ftp";
import { LeatError, NETWORK_ERRORS, TargetError, type TargetErrorRow } from "@leat/core";

/**
 * What the text of a refusal says. 550 and its like stand for a dozen reasons, and servers tell which only in words: these are
 * those of ProFTPD, vsftpd, Pure-FTPd, IIS and FileZilla Server.
 */
const REASONS: readonly (TargetErrorRow & { readonly text: RegExp })[] = [
  {
    text: /no such file|not found|does(n't| not) exist|cannot find/i,
    code: "TARGET_NOT_FOUND",
    cure: "Check the path.",
  },
  {
    text: /permission denied|access (is )?denied|not permitted|read-only|forbidden|(ssl|tls).*required/i,
    code: "TARGET_FORBIDDEN",
    cure: "Give this account the permission.",
  },
  {
    text: /no space|disk full|quota|insufficient|not enough space/i,
    code: "TARGET_FULL",
    cure: "Free space there, or write elsewhere.",
  },
  {
    // Of a full disk ProFTPD 1.3.8 says this in one of three cases, and "No space left on device" in the others.
    text: /input\/output error/i,
    code: "TARGET_FULL",
    cure: "Free space there; if there is some, the disk is failing: see the server's log.",
  },
  { text: /not empty/i, code: "TARGET_NOT_EMPTY", cure: "Remove it with recursive: true." },
  {
    text: /not a directory/i,
    code: "TARGET_NOT_DIRECTORY",
    cure: "A file stands where a directory is needed.",
  },
  { text: /is a directory/i, code: "TARGET_IS_DIRECTORY", cure: "Give the path of a file." },
  { text: /exists/i, code: "TARGET_EXISTS", cure: "The server does not replace it: remove it first." },
  { text: /name too long/i, code: "TARGET_UNSUPPORTED", cure: "Shorten the name." },
];

/** The number of a reply → our code, where its text says nothing more. https://www.rfc-editor.org/rfc/rfc959#section-4.2 */
const REPLIES: Readonly<Record<number, TargetErrorRow>> = {
  // Too many users, or the server is going down: both pass.
  421: {
    code: "TARGET_UNAVAILABLE",
    cure: "The server takes no more connections: wait for it.",
    retryable: true,
  },
  // Data connections fail one by one; the next gets another port.
  425: { code: "TARGET_UNAVAILABLE", cure: "Check that its passive ports can be reached.", retryable: true },
  426: { code: "TARGET_UNAVAILABLE", cure: "The connection was lost: try again.", retryable: true },
  // By definition of the protocol these are passing states: the file is busy, or the server had an error of its own.
  450: { code: "TARGET_UNAVAILABLE", cure: "The file is in use: try again.", retryable: true },
  451: { code: "TARGET_UNAVAILABLE", cure: "The server failed: see its log.", retryable: true },
  452: { code: "TARGET_FULL", cure: "Free space there, or write elsewhere." },
  500: { code: "TARGET_UNSUPPORTED", cure: "The server does not know this command." },
  501: { code: "TARGET_UNSUPPORTED", cure: "The server does not take this path." },
  502: { code: "TARGET_UNSUPPORTED", cure: "The server does not know this command." },
  504: { code: "TARGET_UNSUPPORTED", cure: "The server does not know this command." },
  521: { code: "TARGET_FORBIDDEN", cure: "The server wants another tls." },
  522: { code: "TARGET_FORBIDDEN", cure: "The server wants another tls." },
  530: { code: "TARGET_FORBIDDEN", cure: "Check the user and the password." },
  532: { code: "TARGET_FORBIDDEN", cure: "The account may not write." },
  534: { code: "TARGET_FORBIDDEN", cure: "The server wants another tls." },
  550: { code: "TARGET_FORBIDDEN", cure: "Check the path and the permissions." },
  552: { code: "TARGET_FULL", cure: "Free space there, or write elsewhere." },
  553: { code: "TARGET_FORBIDDEN", cure: "The server does not allow this name." },
};

/** Errors of basic-ftp that are known by their message only. */
const MESSAGES: readonly (TargetErrorRow & { readonly text: RegExp })[] = [
  // Servers restart and networks heal.
  { text: /^Timeout/, code: "TARGET_TIMEOUT", cure: "The server does not answer.", retryable: true },
  {
    text: /^Server (sent FIN|closed)|^Socket closed|[Pp]remature close|^Client is closed|^User closed/,
    code: "TARGET_UNAVAILABLE",
    cure: "The connection was lost: check that the server runs.",
    retryable: true,
  },
  {
    text: /^None of the available transfer strategies/,
    code: "TARGET_UNAVAILABLE",
    cure: "Check that the server's passive ports can be reached.",
    retryable: true,
  },
];

const NO_TLS: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "Check port and tls: this is no TLS." };

const TLS_ERRORS: Readonly<Record<string, TargetErrorRow>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

const OTHER: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "See the cause." };

/**
 * An error of basic-ftp as ours; errors of ours stay as they are.
 *
 * @param action what was tried, with the path: `read out/x.csv`
 * @param path `undefined` where there is none: when connecting
 */
export function ftpError(error: unknown, action: string, path: string | undefined): unknown {
  if (LeatError.is(error) || !(error instanceof Error)) return error;
  const row = rowOf(error);
  const message = `Cannot ${action} over FTP: ${textOf(error)}. ${row.cure}`;
  return new TargetError(row.code, message, {
    cause: error,
    retryable: row.retryable ?? false,
    details: {
      ...(path === undefined ? {} : { path }),
      ...(error instanceof FTPError ? { replyCode: error.code } : {}),
    },
  });
}

/** Whether the server answered, and with no: the connection can be used further. */
export function isRefusal(error: unknown): error is FTPError {
  return error instanceof FTPError && error.code !== 421;
}

/** Whether the server says that nothing is there. That a parent is a file is one way not to be there. */
export function saysMissing(error: unknown): boolean {
  if (!isRefusal(error)) return false;
  const { code } = rowOf(error);
  return code === "TARGET_NOT_FOUND" || code === "TARGET_NOT_DIRECTORY";
}

/** Whether the server says that it does not let this account see or change something. */
export function saysForbidden(error: unknown): boolean {
  return isRefusal(error) && reasonOf(error)?.code === "TARGET_FORBIDDEN";
}

function rowOf(error: Error & { readonly code?: unknown }): TargetErrorRow {
  if (error instanceof FTPError) return reasonOf(error) ?? REPLIES[error.code] ?? OTHER;
  const code = String(error.code);
  const byMessage = MESSAGES.find(({ text }) => text.test(error.message));
  return TLS_ERRORS[code] ?? NETWORK_ERRORS[code] ?? byMessage ?? OTHER;
}

/** The reason stands behind the path, which can have any words in it. */
function reasonOf(error: FTPError): TargetErrorRow | undefined {
  if (![450, 451, 550, 552, 553].includes(error.code)) return undefined;
  const said = error.message.slice(error.message.lastIndexOf(":") + 1);
  return REASONS.find(({ text }) => text.test(said));
}

/** Replies come as bytes of UTF-8, one a character: see FtpClient. */
function textOf(error: Error): string {
  const text = error instanceof FTPError ? Buffer.from(error.message, "latin1").toString() : error.message;
  return text
    .trim()
    .replaceAll(/\s*[\r\n]+\s*/g, " ")
    .replace(/\.$/, "");
}
