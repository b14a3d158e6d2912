import { SchedulerError } from "../errors.ts";

/** OpenSSL and Node say by these codes that a certificate is not accepted. */
const UNTRUSTED = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Codes with which TLS and plain text miss each other. */
const NO_TLS = /^(EPROTO|ERR_SSL_)/;

/** What a failed connection means when trying again cannot help; `undefined` when it can. */
export function lastingFailure(error: Error, name: string): SchedulerError | undefined {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (UNTRUSTED.has(code)) {
    const message = `The certificate of the scheduler at ${name} is not accepted: ${error.message}. Give the certificate of its authority, or call it by the name in its certificate.`;
    return new SchedulerError("SCHEDULER_UNTRUSTED", message, { cause: error });
  }
  if (NO_TLS.test(code)) {
    const message = `What answers at ${name} does not speak TLS. Write http:// if the scheduler has no certificate.`;
    return new SchedulerError("SCHEDULER_PROTOCOL", message, { cause: error });
  }
  return undefined;
}
