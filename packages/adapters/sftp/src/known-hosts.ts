import { createHmac } from "node:crypto";

/** What a known_hosts file says of a server: keys in base64 with their types. */
export interface KnownKeys {
  readonly trusted: readonly KnownKey[];
  readonly revoked: readonly KnownKey[];
}

interface KnownKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** The public key in base64. */
  readonly key: string;
}

interface Entry extends KnownKey {
  readonly marker: string;
  readonly hosts: string;
}

/**
 * The keys of a host in the text of a known_hosts file; a port other than 22 is part of the host's name there. Lines with
 * `@cert-authority` say nothing of a key. https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT
 */
export function knownKeys(text: string, host: string, port: number): KnownKeys {
  const name = nameInFile(host, port);
  const entries = text.split("\n").flatMap(parseLine);
  const matching = entries.filter(({ hosts }) => matchesHosts(hosts, name));
  return {
    trusted: matching.filter(({ marker }) => marker === ""),
    revoked: matching.filter(({ marker }) => marker === "@revoked"),
  };
}

/** The name under which OpenSSH keeps a server: `example.org`, `[example.org]:2222`. */
export function nameInFile(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

function parseLine(line: string): Entry[] {
  const [, marker = "", hosts = "", type = "", key = ""] =
    /^\s*(?:(@\S+)\s+)?([^\s#]\S*)\s+(\S+)\s+(\S+)/.exec(line) ?? [];
  return key === "" ? [] : [{ marker, hosts, type, key }];
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith("|1|")) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(",");
  const excludes = (pattern: string): boolean => pattern.startsWith("!") && matches(pattern.slice(1), name);
  return !patterns.some(excludes) && patterns.some((pattern) => matches(pattern, name));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name with the salt as its key. */
function matchesHash(hosts: string, name: string): boolean {
  const [, , salt = "", hash] = hosts.split("|");
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

/** Whether a name is of a pattern, in which `*` stands for any characters and `?` for one. */
function matches(pattern: string, name: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  const expression = source.replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${expression}$`).test(name);
}
