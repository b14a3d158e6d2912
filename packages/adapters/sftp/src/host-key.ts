import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { knownKeys, nameInFile, type KnownKeys } from "./known-hosts.ts";
import { SftpFailure } from "./sftp-errors.ts";
import { invalid, knownHostsFileOf, type ResolvedSettings } from "./sftp-options.ts";

/** Decides whether a server is the one that it should be. */
export interface HostKeyCheck {
  /** Algorithms to ask the server for, those of the keys that are known of it first. */
  readonly algorithms: readonly string[];
  /** Why a server with this public key must not be talked to; `undefined` when it may. */
  readonly refusal: (key: Buffer) => SftpFailure | undefined;
}

// A server with an RSA key signs with one of these; the plain name stands for SHA-1. https://www.rfc-editor.org/rfc/rfc8332
const RSA_ALGORITHMS = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"];

/** What ssh2 can verify, in its order of preference. */
const ALGORITHMS = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  ...RSA_ALGORITHMS,
];

/** The check that the settings ask for. */
export function hostKeyCheck(settings: ResolvedSettings): HostKeyCheck {
  if (settings.acceptAnyHostKey === true) return { algorithms: ALGORITHMS, refusal: () => undefined };
  if (settings.hostKeySha256 !== undefined) return fingerprintCheck(settings, settings.hostKeySha256);
  return knownHostsCheck(settings);
}

function fingerprintCheck({ host, port }: ResolvedSettings, fingerprint: string): HostKeyCheck {
  const expected = fingerprint.replace(/^SHA256:/, "").replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]{43}$/.test(expected))
    throw invalid("hostKeySha256 is no SHA-256 in base64. Take it from ssh-keygen -l -f key.pub");
  return {
    algorithms: ALGORITHMS,
    refusal: (key) =>
      sha256(key) === expected ? undefined : changed(nameInFile(host, port), key, "hostKeySha256"),
  };
}

function knownHostsCheck(settings: ResolvedSettings): HostKeyCheck {
  const file = knownHostsFileOf(settings);
  const known = knownKeys(readIfThere(file), settings.host, settings.port);
  const name = nameInFile(settings.host, settings.port);
  return {
    algorithms: ALGORITHMS.toSorted(
      (one, other) => Number(isKnown(known, other)) - Number(isKnown(known, one)),
    ),
    refusal: (key) => refusalOf(known, key, name, file),
  };
}

/** Whether a key of the host is known with which the algorithm signs. */
function isKnown({ trusted }: KnownKeys, algorithm: string): boolean {
  const type = RSA_ALGORITHMS.includes(algorithm) ? "ssh-rsa" : algorithm;
  return trusted.some((known) => known.type === type);
}

function refusalOf(known: KnownKeys, key: Buffer, name: string, file: string): SftpFailure | undefined {
  const presented = key.toString("base64");
  if (known.revoked.some((one) => one.key === presented)) return revoked(name, key, file);
  if (known.trusted.some((one) => one.key === presented)) return undefined;
  return known.trusted.length > 0 ? changed(name, key, file) : unknown(name, key, file);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw invalid(
      `The file of known hosts ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}

function changed(name: string, key: Buffer, source: string): SftpFailure {
  return refused(
    `the host key of ${name} is not the expected one: it has ${describe(key)}`,
    `Somebody may be in between. If the server has a new key, make sure of it and change ${source}.`,
  );
}

function unknown(name: string, key: Buffer, file: string): SftpFailure {
  return refused(
    `the host key of ${name} is unknown: it has ${describe(key)}`,
    `Make sure that this is its key, then add it to ${file} or give hostKeySha256.`,
  );
}

function revoked(name: string, key: Buffer, file: string): SftpFailure {
  return refused(
    `the host key of ${name} is revoked: it has ${describe(key)}`,
    `${file} says so: somebody else may have the key.`,
  );
}

function refused(reason: string, cure: string): SftpFailure {
  return new SftpFailure(reason, { code: "TARGET_FORBIDDEN", cure });
}

/** `ssh-ed25519 SHA256:…`, as OpenSSH shows a key. */
function describe(key: Buffer): string {
  // A public key begins with its type, a string after its length. https://www.rfc-editor.org/rfc/rfc4253#section-6.6
  const type = key.toString("latin1", 4, 4 + key.readUInt32BE(0));
  return `${type} SHA256:${sha256(key)}`;
}

function sha256(key: Buffer): string {
  return createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
}
