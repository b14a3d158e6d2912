import {
  LeatError,
  messageOf,
  NETWORK_ERRORS,
  TargetError,
  type TargetErrorRow,
  UsageError,
} from "@leat/core";

const KEYS = "Check the access key and its secret.";
const SLOWER = "Send fewer requests at a time, or try again later.";
const AGAIN = "Try again later.";
const SMALLER = "Write smaller files, or raise partBytes.";
const REGION = "Set the region to that of the bucket.";
const NOT_BOTH = "This store cannot have an object and others below its name: give another path.";
const CONDITION = "Something is there already: remove it first.";
const PERMISSION =
  "Allow this account the action. Without s3:ListBucket a missing object is answered so, too.";

/** The error codes of S3 → ours. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const CODES: Readonly<Record<string, TargetErrorRow>> = {
  NoSuchBucket: { code: "TARGET_NOT_FOUND", cure: "Make the bucket, or check its name and the endpoint." },
  NoSuchKey: { code: "TARGET_NOT_FOUND", cure: "Check the path." },
  NotFound: { code: "TARGET_NOT_FOUND", cure: "Check the path." },
  NoSuchUpload: {
    code: "TARGET_CONFLICT",
    cure: "Something else ended the upload: see the rules of the bucket.",
  },
  AccessDenied: { code: "TARGET_FORBIDDEN", cure: PERMISSION },
  AllAccessDisabled: { code: "TARGET_FORBIDDEN", cure: PERMISSION },
  AccountProblem: { code: "TARGET_FORBIDDEN", cure: "Ask the provider: the account is blocked." },
  InvalidAccessKeyId: { code: "TARGET_FORBIDDEN", cure: KEYS },
  XAdminUserNotFound: { code: "TARGET_FORBIDDEN", cure: KEYS },
  SignatureDoesNotMatch: { code: "TARGET_FORBIDDEN", cure: KEYS },
  InvalidToken: { code: "TARGET_FORBIDDEN", cure: "Check the session token." },
  ExpiredToken: { code: "TARGET_FORBIDDEN", cure: "Get new credentials: these have expired." },
  RequestTimeTooSkewed: { code: "TARGET_FORBIDDEN", cure: "Set the clock of this machine." },
  CredentialsProviderError: {
    code: "TARGET_FORBIDDEN",
    cure: "Give credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or the option connection.",
  },
  AuthorizationHeaderMalformed: { code: "TARGET_FORBIDDEN", cure: REGION },
  IllegalLocationConstraintException: { code: "TARGET_FORBIDDEN", cure: REGION },
  PermanentRedirect: { code: "TARGET_UNAVAILABLE", cure: REGION },
  TemporaryRedirect: { code: "TARGET_UNAVAILABLE", cure: REGION },
  PreconditionFailed: { code: "TARGET_EXISTS", cure: CONDITION },
  // Another writer is about to publish; when that fails, this one may succeed.
  ConditionalRequestConflict: { code: "TARGET_EXISTS", cure: CONDITION, retryable: true },
  // Codes of versitygw, which keeps objects as files.
  ObjectParentIsFile: { code: "TARGET_UNSUPPORTED", cure: NOT_BOTH },
  ExistingObjectIsDirectory: { code: "TARGET_UNSUPPORTED", cure: NOT_BOTH },
  EntityTooLarge: { code: "TARGET_FULL", cure: SMALLER },
  TooManyParts: { code: "TARGET_FULL", cure: SMALLER },
  QuotaExceeded: { code: "TARGET_FULL", cure: "Free space, or raise the quota." },
  StorageFull: { code: "TARGET_FULL", cure: "Free space in the store." },
  InsufficientStorage: { code: "TARGET_FULL", cure: "Free space in the store." },
  KeyTooLongError: { code: "TARGET_UNSUPPORTED", cure: "Shorten the path." },
  InvalidRange: { code: "TARGET_UNSUPPORTED", cure: "Start within the object." },
  InvalidObjectState: { code: "TARGET_UNSUPPORTED", cure: "Restore the object from its archive first." },
  NotImplemented: {
    code: "TARGET_UNSUPPORTED",
    cure: "The store cannot do that: see createOnly and checksums.",
  },
  InvalidRequest: {
    code: "TARGET_UNSUPPORTED",
    cure: "The store refuses these options: see the encryption.",
  },
  InvalidArgument: { code: "TARGET_UNSUPPORTED", cure: "The store refuses these options." },
  InvalidStorageClass: { code: "TARGET_UNSUPPORTED", cure: "Give a storage class that the store has." },
  "KMS.NotFoundException": { code: "TARGET_FORBIDDEN", cure: "Check the id of the KMS key and its region." },
  "KMS.DisabledException": { code: "TARGET_FORBIDDEN", cure: "Enable the KMS key." },
  MissingContentLength: { code: "TARGET_UNSUPPORTED", cure: 'Set checksums to "WHEN_REQUIRED".' },
  XAmzContentSHA256Mismatch: { code: "TARGET_INVALID_DATA", cure: AGAIN },
  // Bytes were changed on their way; they are still whole here.
  BadDigest: { code: "TARGET_INVALID_DATA", cure: AGAIN, retryable: true },
  // The store is busy or being repaired, and says so.
  SlowDown: { code: "TARGET_UNAVAILABLE", cure: SLOWER, retryable: true },
  ThrottlingException: { code: "TARGET_UNAVAILABLE", cure: SLOWER, retryable: true },
  TooManyRequests: { code: "TARGET_UNAVAILABLE", cure: SLOWER, retryable: true },
  ServiceUnavailable: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
  InternalError: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
  OperationAborted: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
  // The store was waited for, or waited itself: servers restart and networks heal.
  RequestTimeout: { code: "TARGET_TIMEOUT", cure: AGAIN, retryable: true },
  TimeoutError: {
    code: "TARGET_TIMEOUT",
    cure: "Check that the server answers, or raise idleTimeoutMs.",
    retryable: true,
  },
  ERR_STREAM_PREMATURE_CLOSE: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
  IncompleteBody: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
};

/** For answers without a code: those to HEAD have no body, and some proxies have codes of their own. */
const STATUSES: Readonly<Record<number, TargetErrorRow>> = {
  301: { code: "TARGET_UNAVAILABLE", cure: REGION },
  307: { code: "TARGET_UNAVAILABLE", cure: REGION },
  401: { code: "TARGET_FORBIDDEN", cure: KEYS },
  403: { code: "TARGET_FORBIDDEN", cure: PERMISSION },
  404: { code: "TARGET_NOT_FOUND", cure: "Check the path." },
  412: { code: "TARGET_EXISTS", cure: CONDITION },
  // A gateway or the store itself is overloaded or restarts.
  429: { code: "TARGET_UNAVAILABLE", cure: SLOWER, retryable: true },
  500: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
  502: { code: "TARGET_UNAVAILABLE", cure: AGAIN, retryable: true },
  503: { code: "TARGET_UNAVAILABLE", cure: SLOWER, retryable: true },
  504: { code: "TARGET_TIMEOUT", cure: AGAIN, retryable: true },
  507: { code: "TARGET_FULL", cure: "Free space in the store." },
};

const OTHER: TargetErrorRow = { code: "TARGET_UNAVAILABLE", cure: "See the cause." };

/** What of an error of the SDK is used; none of it is certain to be there. */
interface DriverError extends Error {
  /** Of Node: `ECONNRESET`. */
  readonly code?: string;
  /** Of S3, in some of its errors. */
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * An error of the SDK as ours; errors of ours stay as they are.
 *
 * @param action what was tried, without the path: `read`
 */
export function s3Error(error: unknown, action: string, path: string): unknown {
  if (LeatError.is(error) || !(error instanceof Error)) return error;
  if (error.message === "Region is missing") return noRegion();
  const row = rowOf(error);
  const message = `Cannot ${action} ${path}: ${reasonOf(error)}. ${cureOf(row, error)}`;
  return new TargetError(row.code, message, {
    cause: withoutRequest(error),
    retryable: row.retryable ?? false,
    details: { path, s3Code: codeOf(error) },
  });
}

/** One entry of what a removal of many could not do, as ours. */
export function s3ErrorOfCode(code: string, action: string, path: string): unknown {
  return s3Error(Object.assign(new Error("UnknownError"), { name: code }), action, path);
}

/** Whether an error is one that S3 has this code for. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return LeatError.is(error) && codes.includes(String(error.details["s3Code"]));
}

/** Whether nothing came within the deadline: another try would double the time. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && rowOf(error).code === "TARGET_TIMEOUT";
}

/**
 * Whether a refusal, after which nothing was done, may not be given again at once: versitygw 1.7.0 says that a directory
 * has the name of an object also when, while it made the directories above the object, a removal took one that was empty.
 */
export function mayPass(error: unknown): error is Error {
  return error instanceof Error && error.name === "ExistingObjectIsDirectory";
}

function rowOf(error: DriverError): TargetErrorRow {
  // The SDK renames lost connections to TimeoutError; the code of Node tells better.
  const { code = "" } = error;
  return (
    NETWORK_ERRORS[code] ??
    CODES[code] ??
    CODES[error.name] ??
    STATUSES[error.$metadata?.httpStatusCode ?? 0] ??
    OTHER
  );
}

function codeOf(error: DriverError): string {
  const isKnown = error.code === undefined && error.name !== "Unknown";
  return isKnown ? error.name : (error.code ?? String(error.$metadata?.httpStatusCode ?? "Unknown"));
}

/** The sentence of the store, where it gave one, with its code. */
function reasonOf(error: DriverError): string {
  const code = codeOf(error);
  const says = error.message.replace(/[.\s]+$/, "");
  return says === "" || says === "UnknownError" ? code : `${says} (${code})`;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html */
function cureOf({ cure }: TargetErrorRow, error: DriverError): string {
  if (cure !== REGION) return cure;
  const region = error.Region ?? error.$response?.headers?.["x-amz-bucket-region"];
  return region === undefined ? cure : `The bucket is in ${region}: set the region to it.`;
}

/** The SDK keeps request and answer with an error, and with them signatures and session tokens. */
function withoutRequest(error: DriverError): Error {
  const bare = new Error(messageOf(error));
  bare.name = error.name;
  if (error.stack !== undefined) bare.stack = error.stack;
  return bare;
}

function noRegion(): UsageError {
  const message = "There is no region to look for the bucket in. Set AWS_REGION, or the option region.";
  return new UsageError("OPTION_INVALID", message);
}
