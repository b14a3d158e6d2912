import { LeatError, NETWORK_ERRORS, TargetError, type TargetErrorRow } from "@leat/core";

const LOST = "Check that the server runs and can be reached, or wait for it.";
const GRANT = "Grant the privilege to this user.";
const LOGIN = "Check the user and the password, and from where the user may connect.";
const READ_ONLY = "The server or the session is read-only: connect to a primary.";

/** errno of servers → our code. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-codes/ */
const NUMBERS: Readonly<Record<number, TargetErrorRow>> = {
  // Another transaction changed it meanwhile; run again, this one sees its result.
  1020: { code: "TARGET_CONFLICT", cure: "Run it again.", retryable: true },
  1021: { code: "TARGET_FULL", cure: "The server's disk is full: free space there." },
  // Memory and connections are free again when other sessions end.
  1040: {
    code: "TARGET_UNAVAILABLE",
    cure: "Use fewer connections, or raise max_connections.",
    retryable: true,
  },
  1041: { code: "TARGET_UNAVAILABLE", cure: "The server is out of memory.", retryable: true },
  1044: { code: "TARGET_FORBIDDEN", cure: GRANT },
  1045: { code: "TARGET_FORBIDDEN", cure: LOGIN },
  1048: { code: "TARGET_INVALID_DATA", cure: "Give a value, or let the column be null." },
  1049: { code: "TARGET_NOT_FOUND", cure: "Check the name of the database." },
  1050: { code: "TARGET_EXISTS", cure: "A table of this name is there already." },
  1051: { code: "TARGET_NOT_FOUND", cure: "Create the table, or check its name." },
  // Servers restart.
  1053: { code: "TARGET_UNAVAILABLE", cure: LOST, retryable: true },
  1054: { code: "TARGET_NOT_FOUND", cure: "Check the name of the column." },
  1060: { code: "TARGET_EXISTS", cure: "A column of this name is there already." },
  1061: { code: "TARGET_EXISTS", cure: "A key of this name is there already." },
  1109: { code: "TARGET_NOT_FOUND", cure: "Create the table, or check its name." },
  1114: { code: "TARGET_FULL", cure: "The table or the server's disk is full: free space there." },
  1130: { code: "TARGET_FORBIDDEN", cure: LOGIN },
  1142: { code: "TARGET_FORBIDDEN", cure: GRANT },
  1143: { code: "TARGET_FORBIDDEN", cure: GRANT },
  1146: { code: "TARGET_NOT_FOUND", cure: "Create the table, or check its name." },
  1153: {
    code: "TARGET_INVALID_DATA",
    cure: "Give smaller values, or raise max_allowed_packet of the server.",
  },
  1203: {
    code: "TARGET_UNAVAILABLE",
    cure: "Use fewer connections, or raise the user's limit.",
    retryable: true,
  },
  // Whoever holds the lock will give it back.
  1205: {
    code: "TARGET_CONFLICT",
    cure: "Something else holds a lock: run it again later.",
    retryable: true,
  },
  1213: { code: "TARGET_CONFLICT", cure: "Run it again.", retryable: true },
  1226: {
    code: "TARGET_UNAVAILABLE",
    cure: "The user's limit is reached: wait, or raise it.",
    retryable: true,
  },
  1227: { code: "TARGET_FORBIDDEN", cure: GRANT },
  1264: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or widen the column." },
  1265: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or widen the column." },
  1290: { code: "TARGET_FORBIDDEN", cure: READ_ONLY },
  1292: { code: "TARGET_INVALID_DATA", cure: "Correct the value." },
  1305: { code: "TARGET_NOT_FOUND", cure: "Create the function or procedure, or check its name." },
  // Who stopped it may have had to.
  1317: { code: "TARGET_UNAVAILABLE", cure: "The statement was stopped on the server.", retryable: true },
  1364: { code: "TARGET_INVALID_DATA", cure: "Load the column, or give it a default." },
  1366: {
    code: "TARGET_INVALID_DATA",
    cure: "Correct the value, or give the column the character set utf8mb4.",
  },
  1370: { code: "TARGET_FORBIDDEN", cure: GRANT },
  1406: { code: "TARGET_INVALID_DATA", cure: "Shorten the value, or widen the column." },
  1412: { code: "TARGET_CONFLICT", cure: "The table was changed meanwhile: run it again.", retryable: true },
  1451: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or the foreign key." },
  1452: { code: "TARGET_INVALID_DATA", cure: "Load the rows that it refers to first." },
  1526: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or add a partition for it." },
  1644: { code: "TARGET_INVALID_DATA", cure: "A trigger or procedure of the database refused it." },
  1690: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or widen the column." },
  1698: { code: "TARGET_FORBIDDEN", cure: LOGIN },
  1792: { code: "TARGET_FORBIDDEN", cure: READ_ONLY },
  1836: { code: "TARGET_FORBIDDEN", cure: READ_ONLY },
  1862: { code: "TARGET_FORBIDDEN", cure: "The password has expired: change it." },
  // Who stopped it may have had to.
  1927: { code: "TARGET_UNAVAILABLE", cure: "The connection was ended on the server.", retryable: true },
  // A busy server or a lock may have caused it, and neither lasts.
  1969: { code: "TARGET_TIMEOUT", cure: "max_statement_time of the server is too short.", retryable: true },
  3024: { code: "TARGET_TIMEOUT", cure: "max_execution_time of the server is too short.", retryable: true },
  3118: { code: "TARGET_FORBIDDEN", cure: "The account is locked." },
  3140: { code: "TARGET_INVALID_DATA", cure: "Correct the JSON text." },
  3159: { code: "TARGET_FORBIDDEN", cure: "The server wants TLS: set ssl." },
  3819: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or the check of the table." },
  4025: { code: "TARGET_INVALID_DATA", cure: "Correct the value, or the check of the table." },
  // The same pause would come again.
  4031: { code: "TARGET_TIMEOUT", cure: "Make rows faster, or raise wait_timeout." },
  4151: { code: "TARGET_FORBIDDEN", cure: "The account is locked." },
  4161: { code: "TARGET_NOT_FOUND", cure: "Check the name of the type." },
};

/** The first two characters of an SQLSTATE → our code, for numbers that are not in `NUMBERS`. */
const CLASSES: Readonly<Record<string, TargetErrorRow>> = {
  // Servers restart and networks heal.
  "08": { code: "TARGET_UNAVAILABLE", cure: LOST, retryable: true },
  "21": { code: "TARGET_INVALID_DATA", cure: "Correct the rows." },
  "22": { code: "TARGET_INVALID_DATA", cure: "Correct the value." },
  "23": { code: "TARGET_INVALID_DATA", cure: "Correct the value, or the constraint of the table." },
  "28": { code: "TARGET_FORBIDDEN", cure: LOGIN },
  "42": { code: "TARGET_UNSUPPORTED", cure: "Correct the statement." },
  "45": { code: "TARGET_INVALID_DATA", cure: "A trigger or procedure of the database refused it." },
};

const NO_TLS = "Configure TLS there, or do not ask for it.";

/** Codes of `mysql2`. */
const DRIVER: Readonly<Record<string, TargetErrorRow>> = {
  // Servers restart and networks heal.
  PROTOCOL_CONNECTION_LOST: { code: "TARGET_UNAVAILABLE", cure: LOST, retryable: true },
  PROTOCOL_SEQUENCE_TIMEOUT: { code: "TARGET_TIMEOUT", cure: LOST, retryable: true },
  HANDSHAKE_NO_SSL_SUPPORT: { code: "TARGET_FORBIDDEN", cure: `The server has no TLS. ${NO_TLS}` },
  HANDSHAKE_SSL_ERROR: {
    code: "TARGET_FORBIDDEN",
    cure: "Name the certificate authority to trust as ssl.ca, and use the host name that the certificate is for.",
  },
  ENOENT: { code: "TARGET_UNAVAILABLE", cure: "Check the path of the socket." },
};

/** Errors of `mysql2` that have a message only. */
const MESSAGES: readonly (TargetErrorRow & { readonly part: string })[] = [
  { part: "closed state", code: "TARGET_UNAVAILABLE", cure: LOST, retryable: true },
  { part: "The connection was cut", code: "TARGET_UNAVAILABLE", cure: LOST, retryable: true },
  { part: "Pool is closed", code: "TARGET_UNAVAILABLE", cure: "End the pool after the tasks that use it." },
  // Connections are free again when other tasks end.
  {
    part: "No connections available",
    code: "TARGET_UNAVAILABLE",
    cure: "Raise connectionLimit.",
    retryable: true,
  },
  { part: "Queue limit reached", code: "TARGET_UNAVAILABLE", cure: "Raise queueLimit.", retryable: true },
  { part: "Server does not support secure connection", code: "TARGET_FORBIDDEN", cure: NO_TLS },
];

const FIRST_OF_MARIADB = 4000;

const OTHER: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "See the cause." };

/** What `mysql2` throws, as far as it is read here. */
interface DriverError extends Error {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
  readonly errors?: readonly Error[];
  /** The statement with its values. */
  sql?: string;
}

/** An error of the driver as ours; errors of ours stay as they are. `action` ends "Cannot …". */
export function mysqlError(error: unknown, action: string): unknown {
  if (LeatError.is(error) || !(error instanceof Error)) return error;
  const failure = error as DriverError;
  const row = rowFor(failure);
  return new TargetError(row.code, `Cannot ${action}: ${reasonOf(failure)}. ${row.cure}`, {
    cause: withoutStatement(failure),
    retryable: row.retryable ?? false,
    details: failure.code === undefined ? {} : { driverCode: failure.code },
  });
}

/** True when the server said what it did; false when the connection was lost, so that it may have done anything. */
export function isServerAnswer(error: unknown): boolean {
  return LeatError.is(error) || typeof (error as DriverError).sqlState === "string";
}

/** Whether the error is one of a server with one of these numbers. */
export function hasNumber(error: unknown, numbers: readonly number[]): boolean {
  const { errno, sqlState } = error as DriverError;
  return sqlState !== undefined && errno !== undefined && numbers.includes(errno);
}

/** Whether the server says that the rows are bad. */
export function isAboutData(error: unknown): boolean {
  const failure = error as DriverError;
  return isServerAnswer(error) && rowFor(failure).code === "TARGET_INVALID_DATA";
}

/** The message with the code, in one line. */
export function reasonOf(error: Error): string {
  const { code, errno, errors } = error as DriverError;
  // Node gives an error without a message when it tried several addresses.
  const message = error.message || errors?.map((one) => one.message).join("; ") || error.name;
  // The driver names numbers of MariaDB's own by what they are in MySQL.
  const name = errno !== undefined && errno >= FIRST_OF_MARIADB ? errno : (code ?? errno);
  return `${message.replace(/\.$/, "")}${name === undefined ? "" : ` (${name})`}`;
}

/** What to do about an error of the server. */
export function cureOf(error: Error): string {
  return rowFor(error).cure;
}

/** The driver keeps the statement in its errors, which may be long and has the values of rows in it. */
export function withoutStatement(error: Error): Error {
  delete (error as DriverError).sql;
  return error;
}

function rowFor(error: DriverError): TargetErrorRow {
  const { code = "", errno, sqlState, message } = error;
  if (sqlState !== undefined) return NUMBERS[errno ?? 0] ?? CLASSES[sqlState.slice(0, 2)] ?? OTHER;
  return NETWORK_ERRORS[code] ?? DRIVER[code] ?? MESSAGES.find(({ part }) => message.includes(part)) ?? OTHER;
}
