import { UsageError } from "@leat/core";

/**
 * `explicit`: the connection begins in the clear and is encrypted (`AUTH TLS`) before the login. `implicit`: it is encrypted
 * from its first byte. `none`: password and files travel in the clear.
 */
export type FtpTls = "explicit" | "implicit" | "none";

/**
 * How to reach a server: options, or a URL without a path. As in curl and FileZilla, `ftps://` is implicit TLS, `ftpes://`
 * explicit TLS, and `ftp://` no TLS: `ftpes://user:password@ftp.example.org`. What stands in the URL is percent-encoded.
 */
export type FtpConnection = string | FtpConnectionOptions;

export interface FtpConnectionOptions {
  readonly host: string;
  /** Default 21; with implicit TLS 990. */
  readonly port?: number;
  /** Default `anonymous`. */
  readonly user?: string;
  readonly password?: string;
  /** Default `explicit`. */
  readonly tls?: FtpTls;
  /** Certificates of the authorities to trust instead of the public ones, as PEM. */
  readonly ca?: string;
  /** Whether the certificate must be valid for the host. Default true; with false, anybody can pretend to be the server. */
  readonly verifyCertificate?: boolean;
  /** How long to wait for a connection with its login, for each answer, and while no data moves. Default 30000. */
  readonly timeoutMs?: number;
}

/** All options, with their defaults. */
export type FtpSettings = Required<Omit<FtpConnectionOptions, "ca">> & { readonly ca: string | undefined };

const TLS_OF_SCHEME: Readonly<Record<string, FtpTls>> = {
  "ftp:": "none",
  "ftpes:": "explicit",
  "ftps:": "implicit",
};

const DEFAULT_TIMEOUT_MS = 30_000;

/** @throws UsageError `OPTION_INVALID`, without the password in its text */
export function settingsOf(connection: FtpConnection): FtpSettings {
  const options = typeof connection === "string" ? fromUrl(connection) : connection;
  const tls = options.tls ?? "explicit";
  const settings: FtpSettings = {
    host: options.host,
    port: options.port ?? (tls === "implicit" ? 990 : 21),
    user: options.user ?? "anonymous",
    // Servers that let anybody in want something here. https://www.rfc-editor.org/rfc/rfc1635
    password: options.password ?? "guest",
    tls,
    ca: options.ca,
    verifyCertificate: options.verifyCertificate ?? true,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
  checkSettings(settings);
  return settings;
}

function fromUrl(text: string): FtpConnectionOptions {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const tls = TLS_OF_SCHEME[url?.protocol ?? ""];
  if (url === undefined || tls === undefined || url.hostname === "") {
    throw invalid(
      "The connection is no URL of an FTP server. Give one such as ftpes://user:password@host:21.",
    );
  }
  if (!["", "/"].includes(url.pathname) || url.search !== "" || url.hash !== "") {
    throw invalid(`The URL of ${url.host} goes on after the host. Give paths to the target.`);
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    tls,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    ...(url.username === "" ? {} : { user: decoded(url.username) }),
    ...(url.password === "" ? {} : { password: decoded(url.password) }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("User or password of the URL are not percent-encoded. Write % as %25.");
  }
}

function checkSettings({ host, port, user, password, tls, timeoutMs }: FtpSettings): void {
  if (host === "") throw invalid("The host is empty. Give the name or address of the server.");
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(`The port ${port} is none.`);
  if (/[\0\r\n]/.test(user + password)) {
    throw invalid("User or password have a NUL character or a line end. FTP cannot carry it.");
  }
  if (!["explicit", "implicit", "none"].includes(tls)) {
    throw invalid(`tls is ${JSON.stringify(tls)}. Give "explicit", "implicit" or "none".`);
  }
  // Timers of Node count in 31 bits.
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs >= 2 ** 31) {
    throw invalid(`timeoutMs is ${timeoutMs}. Give a whole number of milliseconds from 1.`);
  }
}

function invalid(message: string): UsageError {
  return new UsageError("OPTION_INVALID", message);
}
