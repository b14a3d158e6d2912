import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { UsageError } from "@leat/core";

/**
 * How to reach a server: settings, or a URL `sftp://user:password@host:2222` (the rest as in settings; a path is not part of
 * it), in which special characters of user and password are percent-encoded.
 */
export type SftpConnection = string | SftpConnectionSettings;

export interface SftpConnectionSettings {
  readonly host: string;
  /** Default 22. */
  readonly port?: number;
  /** Default: the account that this process runs as. */
  readonly user?: string;
  readonly password?: string;
  /** A private key as text: OpenSSH, PEM or PPK. */
  readonly privateKey?: string;
  /** Opens the private key. */
  readonly passphrase?: string;
  /** Socket of an SSH agent. Default SSH_AUTH_SOCK when neither a password nor a key is given. */
  readonly agent?: string;
  /** SHA-256 of the server's public key in base64, as `ssh-keygen -l` shows it. Takes the place of known_hosts. */
  readonly hostKeySha256?: string;
  /** Which host keys are trusted, in OpenSSH's format. Default `.ssh/known_hosts` in the home directory. */
  readonly knownHostsFile?: string;
  /** Connect to whoever answers: only for networks without strangers. Default false. */
  readonly acceptAnyHostKey?: boolean;
  /** How long a connection may take, with login. Default 20000. */
  readonly connectTimeoutMs?: number;
  /** How long to wait for the next answer of the server; then the connection is given up. Default 60000. */
  readonly idleTimeoutMs?: number;
  /** Connections at a time. More operations than that share them. Default 4. */
  readonly maxConnections?: number;
}

export interface SftpFileSystemOptions {
  readonly connection: SftpConnection;
  /**
   * Where the server has no `posix-rename@openssh.com`, replace a file by removing it and then renaming the new one: for a
   * moment readers see none. Default false: replacing is then refused with `TARGET_UNSUPPORTED`.
   */
  readonly allowReplaceGap?: boolean;
}

/** Settings with defaults filled in. */
export type ResolvedSettings = SftpConnectionSettings & typeof DEFAULTS & { readonly user: string };

const DEFAULTS = {
  port: 22 as number,
  connectTimeoutMs: 20_000 as number,
  idleTimeoutMs: 60_000 as number,
  maxConnections: 4 as number,
} as const;

const POSITIVE = ["port", "connectTimeoutMs", "idleTimeoutMs", "maxConnections"] as const;

/** @throws UsageError `OPTION_INVALID` */
export function resolveConnection(connection: SftpConnection): ResolvedSettings {
  const given = typeof connection === "string" ? settingsFromUrl(connection) : connection;
  const settings = { ...DEFAULTS, user: given.user ?? ownName(), ...withoutUndefined(given) };
  if (settings.host === "") throw invalid("The host is empty. Give the name of the server");
  for (const name of POSITIVE) {
    if (!Number.isSafeInteger(settings[name]) || settings[name] < 1)
      throw invalid(`${name} is ${settings[name]}. Give a whole number from 1`);
  }
  return settings;
}

/** The agent to ask for keys, if any. */
export function agentOf({ agent, password, privateKey }: SftpConnectionSettings): string | undefined {
  if (agent !== undefined || password !== undefined || privateKey !== undefined) return agent;
  return process.env["SSH_AUTH_SOCK"] || undefined;
}

export function knownHostsFileOf({ knownHostsFile }: SftpConnectionSettings): string {
  return knownHostsFile ?? join(ownHome(), ".ssh", "known_hosts");
}

/** In containers processes often run as a user id that no account has. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw invalid("The user of this process has no name to log in with. Give the user", error);
  }
}

function ownHome(): string {
  try {
    return homedir();
  } catch (error) {
    throw invalid(
      "This user has no home directory with known hosts. Give knownHostsFile or hostKeySha256",
      error,
    );
  }
}

/** `sftp://user@host:2222`, without the password. */
export function nameOf({ user, host, port }: ResolvedSettings): string {
  const address = host.includes(":") ? `[${host}]` : host;
  return `sftp://${encodeURIComponent(user)}@${address}${port === 22 ? "" : `:${port}`}`;
}

export function invalid(sentence: string, cause?: unknown): UsageError {
  return new UsageError("OPTION_INVALID", `${sentence}.`, cause === undefined ? {} : { cause });
}

/** Without the URL in any error: it may hold a password. */
function settingsFromUrl(text: string): SftpConnectionSettings {
  const url = parseUrl(text);
  const extra = [url.pathname.replace(/^\/$/, ""), url.search, url.hash].some((part) => part !== "");
  if (url.protocol !== "sftp:" || url.hostname === "" || extra)
    throw invalid("The connection is not of the form sftp://user@host:22. Paths go into targets");
  return {
    // Only an IPv6 address has brackets.
    host: url.hostname.replace(/^\[|\]$/g, ""),
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    ...(url.username === "" ? {} : { user: decoded(url.username) }),
    ...(url.password === "" ? {} : { password: decoded(url.password) }),
  };
}

function parseUrl(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw invalid("The connection is not a valid URL. Percent-encode special characters in it");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid("User or password of the connection are not percent-encoded: write % as %25");
  }
}

function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
