import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";
import { type Role, ROLES, type Tokens } from "./tokens.ts";

const EVERYTHING: ReadonlySet<Role> = new Set(ROLES);

/** Decides who may do what. Without tokens everybody may do everything: then only this machine can reach leatd. */
export class Access {
  readonly #tokens: Tokens | undefined;

  constructor(tokens: Tokens | undefined) {
    this.#tokens = tokens;
  }

  /** Throws 401 or 403 unless the sender may act in the role. Who may do anything may also read. */
  require(request: IncomingMessage, role: Role): void {
    refuseForeignPages(request);
    if (this.#tokens === undefined) return refuseForeignNames(request);
    const roles = this.rolesOf(request);
    if (role !== "view" && !roles.has(role)) {
      throw new HttpError(403, "FORBIDDEN", `This token may not do that. It needs the role "${role}".`);
    }
  }

  get needsToken(): boolean {
    return this.#tokens !== undefined;
  }

  /** What the sender may do; throws 401 for one who is not known. */
  rolesOf(request: IncomingMessage): ReadonlySet<Role> {
    if (this.#tokens === undefined) return EVERYTHING;
    const token = tokenOf(request.headers.authorization);
    const roles = token === undefined ? undefined : this.#tokens.rolesOf(token);
    if (roles !== undefined) return roles;
    throw new HttpError(
      401,
      "UNAUTHORIZED",
      token === undefined
        ? "Give a token in the header: Authorization: Bearer TOKEN."
        : "This token is not known here.",
      { "www-authenticate": 'Bearer realm="leatd"' },
    );
  }
}

/** Of `Bearer TOKEN`, and of `Basic`, whose password is the token: Luigi's workers know only that. */
function tokenOf(header: string | undefined): string | undefined {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(header ?? "") ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  if (scheme.toLowerCase() === "bearer") return value;
  const credentials = Buffer.from(value, "base64").toString("utf8");
  return credentials.slice(credentials.indexOf(":") + 1);
}

/** A browser says which page a request comes from. Only pages that leatd itself serves may call it. */
function refuseForeignPages({ headers }: IncomingMessage): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const sameOrigin = origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (sameOrigin && (site === undefined || site === "same-origin" || site === "none")) return;
  throw new HttpError(403, "ORIGIN_FORBIDDEN", "Pages of other sites may not call leatd.");
}

const OWN_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A page whose name was made to point at this machine is of the same origin, but it calls leatd by its own name. */
function refuseForeignNames({ headers: { host } }: IncomingMessage): void {
  if (host === undefined || host === "" || OWN_NAMES.has(host.replace(/:\d+$/, "").toLowerCase())) return;
  throw new HttpError(
    403,
    "HOST_FORBIDDEN",
    "Without tokens leatd answers only to localhost, 127.0.0.1 and [::1].",
  );
}

/** Whether no other machine can reach the address. */
export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^127\.\d+\.\d+\.\d+$/.test(address);
}
