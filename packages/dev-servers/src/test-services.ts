import { readFileSync } from "node:fs";
import { aptLine, type DebianServer } from "./debian-packages.ts";
import { type FtpServer, startFtp } from "./ftp.ts";
import { isInstalled } from "./installed.ts";
import { startMariadb } from "./mariadb.ts";
import { startPostgres } from "./postgres.ts";
import { findDebianPostgres, findEmbeddedPostgres } from "./postgres-binaries.ts";
import { startRedis } from "./redis.ts";
import { type S3Server, startS3 } from "./s3.ts";
import { type SftpServer, startSftp } from "./sftp.ts";
import { findVersitygw, startVersitygw } from "./versitygw.ts";

/** How a test connects to each service. */
export interface TestServices {
  readonly postgres: { readonly url: string };
  readonly mysql: { readonly url: string };
  readonly redis: { readonly url: string };
  readonly s3: S3Connection;
  /** A second S3, from another maker. */
  readonly versitygw: S3Connection;
  readonly ftp: FtpConnection;
  readonly sftp: SftpConnection;
}

export type ServiceName = keyof TestServices;

export type S3Connection = Pick<S3Server, "endpoint" | "region" | "accessKeyId" | "secretAccessKey">;

/** `home` is where a login starts. Our own servers have the rest as well. */
export type FtpConnection = Pick<FtpServer, "host" | "port" | "user" | "password" | "home"> &
  Partial<Pick<FtpServer, "ca" | "implicitTlsPort" | "passivePorts">>;

/** A login with a key (our own server) or with a password. `home` is where it starts. */
export type SftpConnection = Pick<SftpServer, "host" | "port" | "user" | "home"> &
  Partial<Pick<SftpServer, "privateKey" | "hostKeySha256">> & { readonly password?: string };

interface ServiceDefinition<Connection> {
  /** What to install, when the service cannot be started here. */
  readonly missing: () => string | undefined;
  readonly start: () => Promise<Connection & { stop(): Promise<void> }>;
  /** The connection to a server that somebody else started. */
  readonly fromUrl: (url: URL) => Connection;
}

export const TEST_SERVICES: { readonly [Name in ServiceName]: ServiceDefinition<TestServices[Name]> } = {
  postgres: { missing: missingPostgres, start: startAnyPostgres, fromUrl: plainUrl },
  mysql: { missing: missingFromDebian("mariadb"), start: startMariadb, fromUrl: plainUrl },
  redis: { missing: missingFromDebian("redis"), start: startRedis, fromUrl: plainUrl },
  s3: { missing: missingFromDebian("s3"), start: startS3, fromUrl: s3FromUrl },
  versitygw: { missing: missingVersitygw, start: startVersitygw, fromUrl: s3FromUrl },
  ftp: { missing: missingFromDebian("ftp"), start: startFtp, fromUrl: ftpFromUrl },
  sftp: { missing: missingFromDebian("sftp"), start: startSftp, fromUrl: loginFromUrl },
};

/**
 * The servers of docker-compose.yml. It has no Ceph. The ports of FTP's data connections are not told: Docker's proxy is
 * before them, which hands on what a cut connection had sent, so that tests that cut connections use servers of their own.
 */
export const COMPOSE_URLS: Readonly<Partial<Record<ServiceName, string>>> = {
  postgres: "postgres://postgres@127.0.0.1:15432/postgres",
  mysql: "mysql://root:leat-secret@127.0.0.1:13306/leat",
  redis: "redis://:leat-secret@127.0.0.1:16379",
  versitygw: "http://leat:leat-secret@127.0.0.1:17070",
  ftp: "ftp://leat:leat-secret@127.0.0.1:21210/tmp?ca=/tmp/leat-compose/ftp-ca.pem&implicitTlsPort=21209",
  sftp: "sftp://leat:leat-secret@127.0.0.1:22220/tmp?privateKey=/tmp/leat-compose/sftp-key&hostKey=/tmp/leat-compose/sftp-host-key",
};

function missingFromDebian(server: DebianServer): () => string | undefined {
  return () => (isInstalled(server) ? undefined : aptLine([server]));
}

function missingPostgres(): string | undefined {
  if (isInstalled("postgres")) return undefined;
  try {
    findEmbeddedPostgres();
    return undefined;
  } catch {
    return aptLine(["postgres"]);
  }
}

function missingVersitygw(): string | undefined {
  return findVersitygw() ? undefined : "node packages/dev-servers/dist/install-cli.js versitygw";
}

/** Debian's PostgreSQL, or that of npm where there is no other or LEAT_TEST_POSTGRES is "embedded". */
function startAnyPostgres() {
  const bin = process.env["LEAT_TEST_POSTGRES"] === "embedded" ? undefined : findDebianPostgres();
  return startPostgres(bin === undefined ? {} : { bin });
}

function plainUrl(url: URL): { readonly url: string } {
  return { url: url.href };
}

/** From `http://accessKeyId:secretAccessKey@host:port/region`, where the region can be left out. */
function s3FromUrl(url: URL): S3Connection {
  const region = url.pathname.slice(1) || "us-east-1";
  return { endpoint: url.origin, region, ...credentials(url, "accessKeyId", "secretAccessKey") };
}

/**
 * From `sftp://user:password@host:port/home`, with `?privateKey=FILE` for a key to log in with and `hostKey=FILE` for the SHA-256
 * of the server's own, where they are known.
 */
function loginFromUrl(url: URL): SftpConnection {
  const [privateKey, hostKey] = ["privateKey", "hostKey"].map((name) =>
    contentOf(url.searchParams.get(name)),
  );
  return {
    ...addressOf(url, 22),
    home: url.pathname,
    ...credentials(url, "user", "password"),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(hostKey === undefined ? {} : { hostKeySha256: hostKey.trim() }),
  };
}

function contentOf(file: string | null): string | undefined {
  return file === null ? undefined : readFileSync(file, "utf8");
}

/**
 * From `ftp://user:password@host:port/home`, with `?ca=FILE` for the authority to trust, and `implicitTlsPort=PORT` and
 * `passivePorts=FIRST-LAST` where they are known.
 */
function ftpFromUrl(url: URL): FtpConnection {
  const ca = contentOf(url.searchParams.get("ca"));
  const [implicitTlsPort, ports] = ["implicitTlsPort", "passivePorts"].map((name) =>
    url.searchParams.get(name),
  );
  const [first = Number.NaN, last = Number.NaN] = ports?.split("-").map(Number) ?? [];
  return {
    ...addressOf(url, 21),
    home: url.pathname,
    ...credentials(url, "user", "password"),
    ...(ca === undefined ? {} : { ca }),
    ...(implicitTlsPort ? { implicitTlsPort: Number(implicitTlsPort) } : {}),
    ...(ports ? { passivePorts: [first, last] as const } : {}),
  };
}

function addressOf(url: URL, defaultPort: number) {
  return { host: url.hostname, port: Number(url.port || defaultPort) };
}

function credentials<User extends string, Password extends string>(url: URL, user: User, password: Password) {
  const values = { [user]: decodeURIComponent(url.username), [password]: decodeURIComponent(url.password) };
  return values as Record<User | Password, string>;
}
