import { readFileSync } from "node:fs";
import { UsageError } from "@leat/core";
import type { PoolOptions, SslOptions } from "mysql2";

/** TLS by the name that MySQL's own programs give it. https://dev.mysql.com/doc/refman/8.4/en/connection-options.html */
const SSL_MODES: Readonly<Record<string, SslOptions | undefined>> = {
  DISABLED: undefined,
  REQUIRED: { rejectUnauthorized: false },
  VERIFY_CA: { rejectUnauthorized: true, verifyIdentity: false },
  VERIFY_IDENTITY: { rejectUnauthorized: true, verifyIdentity: true },
};

/**
 * Settings for a URL such as `mysql://user:password@host:3306/database?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/ca.pem`. Its options
 * are `ssl-mode`, `ssl-ca` (a path), `connectTimeout` in milliseconds and `connectionLimit`.
 *
 * @throws UsageError `OPTION_INVALID`, without the URL, for one that is malformed or has other options: to leave out one that asks
 *   for TLS would be to go without
 */
export function parseMysqlUrl(text: string): PoolOptions {
  const { hostname, port, username, password, pathname, searchParams } = parseUrl(text);
  return {
    ...(hostname !== "" && { host: decode(hostname).replace(/^\[(.*)\]$/, "$1") }),
    ...(port !== "" && { port: Number(port) }),
    ...(username !== "" && { user: decode(username) }),
    ...(password !== "" && { password: decode(password) }),
    ...(pathname.length > 1 && { database: decode(pathname.slice(1)) }),
    ...parseOptions(searchParams),
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "mysql:" || url?.protocol === "mariadb:") return url;
  throw new UsageError(
    "OPTION_INVALID",
    "The connection is not a valid URL. Give mysql://user:password@host:3306/database, with its parts percent-encoded.",
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new UsageError(
      "OPTION_INVALID",
      "A part of the connection URL is not percent-encoded. Encode % as %25.",
    );
  }
}

function parseOptions(search: URLSearchParams): PoolOptions {
  const { "ssl-mode": mode, "ssl-ca": ca, ...rest } = Object.fromEntries(search);
  const numbers = Object.entries(rest).map(([name, value]) => [name, parseNumber(name, value)]);
  return { ...sslOptions(mode, ca), ...Object.fromEntries(numbers) };
}

function parseNumber(name: string, value: string): number {
  const isKnown = name === "connectTimeout" || name === "connectionLimit";
  if (isKnown && /^[1-9]\d*$/.test(value)) return Number(value);
  const problem = isKnown ? "is not a number above 0" : "is not known";
  throw new UsageError(
    "OPTION_INVALID",
    `The option ${name} of the connection URL ${problem}. It may have ssl-mode, ssl-ca, connectTimeout and connectionLimit; give other settings as an object.`,
  );
}

function sslOptions(mode: string | undefined, ca: string | undefined): PoolOptions {
  // Who names an authority to trust wants it to be asked.
  const name = mode ?? (ca === undefined ? "DISABLED" : "VERIFY_IDENTITY");
  if (!Object.hasOwn(SSL_MODES, name)) {
    const known = Object.keys(SSL_MODES).join(", ");
    throw new UsageError(
      "OPTION_INVALID",
      `The ssl-mode ${name} of the connection URL is not one of ${known}.`,
    );
  }
  const ssl = SSL_MODES[name];
  return ssl === undefined ? {} : { ssl: { ...ssl, ...(ca !== undefined && { ca: readAuthority(ca) }) } };
}

function readAuthority(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(
      "OPTION_INVALID",
      `Cannot read the certificate authority ${path} that ssl-ca names.`,
      { cause },
    );
  }
}
