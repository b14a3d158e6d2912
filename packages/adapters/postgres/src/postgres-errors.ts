import { LeatError, NETWORK_ERRORS, TargetError, type TargetErrorRow, UsageError } from "@leat/core";

const UNREACHABLE = "Check that the server runs and can be reached, or wait for it.";
const UNTRUSTED = "Give the certificate authority as sslrootcert, and the name that the certificate is for.";

/** SQLSTATE → our code. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const STATES: Readonly<Record<string, TargetErrorRow>> = {
  "25006": {
    code: "TARGET_FORBIDDEN",
    cure: "The server or the session is read-only: connect to a primary.",
  },
  "25P02": {
    code: "TARGET_CONFLICT",
    cure: "An earlier statement of the transaction failed: see its error.",
  },
  // The same pause would come again.
  "25P03": {
    code: "TARGET_TIMEOUT",
    cure: "Make rows faster, or raise idle_in_transaction_session_timeout.",
  },
  "28000": { code: "TARGET_FORBIDDEN", cure: "Check the user and the server's pg_hba.conf." },
  "28P01": { code: "TARGET_FORBIDDEN", cure: "Check the user and the password." },
  "3D000": { code: "TARGET_NOT_FOUND", cure: "Check the name of the database." },
  "3F000": { code: "TARGET_NOT_FOUND", cure: "Create the schema, or check its name." },
  // Another transaction was in the way; run again, this one sees its result.
  "40001": { code: "TARGET_CONFLICT", cure: "Run it again.", retryable: true },
  "40P01": { code: "TARGET_CONFLICT", cure: "Run it again.", retryable: true },
  "42501": { code: "TARGET_FORBIDDEN", cure: "Grant the privilege to this user." },
  "42703": { code: "TARGET_NOT_FOUND", cure: "Check the name of the column." },
  "42704": { code: "TARGET_NOT_FOUND", cure: "Check the name, of a type or of another object." },
  "42710": { code: "TARGET_EXISTS", cure: "Something of this name is there already." },
  "42P01": { code: "TARGET_NOT_FOUND", cure: "Create the table, or check its name." },
  "42P07": { code: "TARGET_EXISTS", cure: "A table of this name is there already." },
  "53100": { code: "TARGET_FULL", cure: "The server's disk is full: free space there." },
  // Memory and connections are free again when other sessions end.
  "53200": { code: "TARGET_UNAVAILABLE", cure: "The server is out of memory.", retryable: true },
  "53300": {
    code: "TARGET_UNAVAILABLE",
    cure: "Use fewer connections, or raise the limit.",
    retryable: true,
  },
  // Whoever holds the lock will give it back.
  "55006": { code: "TARGET_CONFLICT", cure: "Something else uses it: run it again later.", retryable: true },
  "55P03": {
    code: "TARGET_CONFLICT",
    cure: "Something else holds a lock: run it again later.",
    retryable: true,
  },
  // A busy server or a lock may have caused it, and neither lasts.
  "57014": {
    code: "TARGET_TIMEOUT",
    cure: "It was cancelled, or statement_timeout is too short.",
    retryable: true,
  },
  "57P04": { code: "TARGET_NOT_FOUND", cure: "The database was dropped." },
};

/** The first two characters of an SQLSTATE → our code, for states that are not in `STATES`. */
const CLASSES: Readonly<Record<string, TargetErrorRow>> = {
  // Servers restart and networks heal.
  "08": { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  "0A": { code: "TARGET_UNSUPPORTED", cure: "The server cannot do this." },
  "21": { code: "TARGET_INVALID_DATA", cure: "Correct the rows." },
  "22": { code: "TARGET_INVALID_DATA", cure: "Correct the value." },
  "23": { code: "TARGET_INVALID_DATA", cure: "Correct the value, or the constraint of the table." },
  "42": { code: "TARGET_UNSUPPORTED", cure: "Correct the statement." },
  "44": { code: "TARGET_INVALID_DATA", cure: "Correct the value, or the check option of the view." },
  "53": { code: "TARGET_UNAVAILABLE", cure: "The server is out of a resource.", retryable: true },
  "54": { code: "TARGET_UNSUPPORTED", cure: "It is beyond a limit of PostgreSQL." },
  "57": { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  P0: { code: "TARGET_INVALID_DATA", cure: "A function of the database refused it." },
};

/** Codes of Node's network and TLS errors → our code. */
const SYSTEM: Readonly<Record<string, TargetErrorRow>> = {
  ...NETWORK_ERRORS,
  ENOENT: { code: "TARGET_UNAVAILABLE", cure: "Check the path of the socket or of the certificate." },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  SELF_SIGNED_CERT_IN_CHAIN: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
};

const NO_ANSWER = "The server did not answer in time, or all connections of the pool are in use (raise max).";

/** Errors of `pg` that have a message only. */
const MESSAGES: readonly (TargetErrorRow & { readonly start: string })[] = [
  // Before the general one: it begins the same way.
  {
    start: "Connection terminated due to connection timeout",
    code: "TARGET_TIMEOUT",
    cure: NO_ANSWER,
    retryable: true,
  },
  { start: "Connection terminated", code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  {
    start: "Client has encountered a connection error",
    code: "TARGET_UNAVAILABLE",
    cure: UNREACHABLE,
    retryable: true,
  },
  { start: "timeout e", code: "TARGET_TIMEOUT", cure: NO_ANSWER, retryable: true },
  { start: "Query read timeout", code: "TARGET_TIMEOUT", cure: "Raise query_timeout.", retryable: true },
  {
    start: "The server does not support SSL",
    code: "TARGET_FORBIDDEN",
    cure: "Configure TLS there, or do not ask for it.",
  },
  { start: "SASL", code: "TARGET_FORBIDDEN", cure: "Check the password." },
];

const OTHER: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "See the cause." };

/** What `pg` throws, as far as it is read here. */
interface DriverError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly errors?: readonly Error[];
}

/** An error of the driver as ours; errors of ours stay as they are. `action` ends "Cannot …". */
export function postgresError(error: unknown, action: string): unknown {
  if (LeatError.is(error) || !(error instanceof Error)) return error;
  const failure = error as DriverError;
  if (failure.code === "ERR_INVALID_URL") {
    // Without the cause, which may hold the URL.
    return new UsageError(
      "OPTION_INVALID",
      `Cannot ${action}: the connection is not a valid URL. Percent-encode its parts.`,
    );
  }
  const row = rowFor(failure);
  return new TargetError(row.code, `Cannot ${action}: ${reasonOf(failure)}. ${row.cure}`, {
    cause: error,
    retryable: row.retryable ?? false,
    details: failure.code === undefined ? {} : { driverCode: failure.code },
  });
}

/**
 * True when the server said that it did not do what it was asked; false when the connection was lost or the server was ending, so
 * that it may have done anything.
 */
export function isRefusal(error: unknown): boolean {
  const { severity, code = "" } = error as DriverError;
  // The severity itself is in the language of the server.
  return severity !== undefined && !code.startsWith("57P") && !code.startsWith("08");
}

/** The server's message with the details and the code, in one line. */
export function reasonOf(error: Error): string {
  const { code, detail, errors } = error as DriverError;
  // Node gives an error without a message when it tried several addresses.
  const message = error.message || errors?.map((one) => one.message).join("; ") || error.name;
  const suffix = code === undefined ? "" : ` (${code})`;
  return `${message}${detail === undefined ? "" : `: ${detail.replace(/\.$/, "")}`}${suffix}`;
}

function rowFor(error: DriverError): TargetErrorRow {
  const { code = "", severity, message } = error;
  if (severity !== undefined) return STATES[code] ?? CLASSES[code.slice(0, 2)] ?? OTHER;
  return SYSTEM[code] ?? MESSAGES.find(({ start }) => message.startsWith(start)) ?? OTHER;
}
