import type { TargetErrorCode } from "./errors.ts";

/** One row of a table from driver errors to ours. */
export interface TargetErrorRow {
  readonly code: TargetErrorCode;
  /** What to do about it, as a sentence. */
  readonly cure: string;
  /** Whether the same call may succeed later without any change; the reason stands beside the row. Default false. */
  readonly retryable?: boolean;
}

const UNREACHABLE = "Check that the server runs and can be reached, or wait for it.";
const UNTRUSTED =
  "Name the certificate authority to trust, and use the host name that the certificate is for.";

/**
 * Codes of Node's network and TLS errors, for adapters of network stores.
 * https://nodejs.org/api/errors.html#common-system-errors, https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
export const NETWORK_ERRORS: Readonly<Record<string, TargetErrorRow>> = {
  // Servers restart and networks heal.
  ECONNREFUSED: { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  ECONNRESET: { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  ECONNABORTED: { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  EPIPE: { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  EHOSTUNREACH: { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  ENETUNREACH: { code: "TARGET_UNAVAILABLE", cure: UNREACHABLE, retryable: true },
  ETIMEDOUT: { code: "TARGET_TIMEOUT", cure: UNREACHABLE, retryable: true },
  EAI_AGAIN: { code: "TARGET_UNAVAILABLE", cure: "The name server did not answer.", retryable: true },
  ENOTFOUND: { code: "TARGET_UNAVAILABLE", cure: "Check the name of the host." },
  CERT_HAS_EXPIRED: { code: "TARGET_FORBIDDEN", cure: "Renew the server's certificate." },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  SELF_SIGNED_CERT_IN_CHAIN: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { code: "TARGET_FORBIDDEN", cure: UNTRUSTED },
};
