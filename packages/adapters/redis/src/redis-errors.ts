import { LeatError, NETWORK_ERRORS, TargetError, type TargetErrorRow } from "@leat/core";

/** The first word of a reply with an error → our code. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const REPLIES: Readonly<Record<string, TargetErrorRow>> = {
  // The server is starting, or another one is taking its place: both end by themselves.
  CLUSTERDOWN: {
    code: "TARGET_UNAVAILABLE",
    cure: "The cluster is not whole: see its state.",
    retryable: true,
  },
  LOADING: {
    code: "TARGET_UNAVAILABLE",
    cure: "The server is loading its data: wait for it.",
    retryable: true,
  },
  MASTERDOWN: {
    code: "TARGET_UNAVAILABLE",
    cure: "The replica lost its primary: wait for it.",
    retryable: true,
  },
  TRYAGAIN: { code: "TARGET_UNAVAILABLE", cure: "The cluster moves keys: try again.", retryable: true },
  NOAUTH: { code: "TARGET_FORBIDDEN", cure: "Give the password, as in redis://:password@host." },
  NOPERM: { code: "TARGET_FORBIDDEN", cure: "Allow this user the command and the keys." },
  WRONGPASS: { code: "TARGET_FORBIDDEN", cure: "Check the user and the password." },
  READONLY: { code: "TARGET_FORBIDDEN", cure: "The server is a replica: connect to the primary." },
  MISCONF: { code: "TARGET_FULL", cure: "The server cannot save to its disk: see its log." },
  OOM: { code: "TARGET_FULL", cure: "The server's memory is full: raise maxmemory, or remove keys." },
  FOREIGN: { code: "TARGET_CONFLICT", cure: "Something else uses the key: choose another prefix." },
};

/** Errors of ioredis and of replies that are known by their message only. */
const MESSAGES: readonly (TargetErrorRow & { readonly start: string })[] = [
  // Servers restart and networks heal.
  {
    start: "Connection is closed",
    code: "TARGET_UNAVAILABLE",
    cure: "Check that the server runs.",
    retryable: true,
  },
  {
    start: "Stream isn't writeable",
    code: "TARGET_UNAVAILABLE",
    cure: "Check that the server runs.",
    retryable: true,
  },
  {
    start: "Command timed out",
    code: "TARGET_TIMEOUT",
    cure: "The server does not answer.",
    retryable: true,
  },
  {
    start: "connect ETIMEDOUT",
    code: "TARGET_TIMEOUT",
    cure: "The server does not answer.",
    retryable: true,
  },
  {
    start: "ERR DB index is out of range",
    code: "TARGET_NOT_FOUND",
    cure: "Check the number of the database.",
  },
  { start: "ERR invalid DB index", code: "TARGET_NOT_FOUND", cure: "Check the number of the database." },
];

const OTHER: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "See the cause." };

/** An error of ioredis as ours; errors of ours stay as they are. */
export function redisError(error: unknown, action: string): unknown {
  if (LeatError.is(error) || !(error instanceof Error)) return error;
  const row = rowOf(error);
  const message = `Cannot ${action} in Redis: ${error.message.replace(/\.$/, "")}. ${row.cure}`;
  return new TargetError(row.code, message, {
    cause: withoutArguments(error),
    retryable: row.retryable ?? false,
  });
}

function rowOf(error: NodeJS.ErrnoException): TargetErrorRow {
  const [word = ""] = error.message.split(" ", 1);
  const byMessage = MESSAGES.find(({ start }) => error.message.startsWith(start));
  return byMessage ?? REPLIES[word] ?? NETWORK_ERRORS[error.code ?? ""] ?? OTHER;
}

/** ioredis keeps the command and its arguments with an error: for AUTH that is the password. */
function withoutArguments(error: Error): Error {
  const bare = new Error(error.message);
  bare.name = error.name;
  if (error.stack !== undefined) bare.stack = error.stack;
  return bare;
}
