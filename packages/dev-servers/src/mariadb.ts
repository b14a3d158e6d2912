import { randomBytes } from "node:crypto";
import path from "node:path";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { required } from "./debian-packages.ts";
import { inTemporaryDirectory, makeDirectory, writePrivateFile } from "./directories.ts";
import { findExecutables } from "./executables.ts";
import { readGreeting } from "./greeting.ts";
import { lifecycleOf, type ServerLifecycle } from "./lifecycle.ts";
import { LOCALHOST, onPort } from "./ports.ts";
import { accountOf, dropRootTo, type RunAs } from "./run-as.ts";
import { runToEnd, ServerProcess } from "./server-process.ts";

const USER = "leat";
const DATABASE = "leat";

/** A commit then survives a crash of the server, as `kill()` makes one, but no power failure. */
const FAST_SETTINGS = {
  "innodb-flush-log-at-trx-commit": 2,
  "innodb-flush-method": "nosync",
  "innodb-log-file-size": "16M",
  "innodb-buffer-pool-size": "64M",
};

export interface MariadbOptions {
  /** Defaults to a free port. */
  readonly port?: number;
  /** Whether clients can use TLS; they can do without, too. Defaults to false. */
  readonly tls?: boolean;
  /** More options of `mariadbd`, such as `{ "local-infile": 0 }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A MariaDB on 127.0.0.1. Its one user may do everything. */
export interface MariadbServer extends ServerLifecycle {
  /** `mysql://…` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** With TLS: the certificate, as PEM, of the authority to trust. */
  readonly ca?: string;
}

export interface MariadbPrograms {
  readonly install: string;
  readonly server: string;
}

interface Plan {
  readonly command: string;
  readonly directory: string;
  readonly runAs: RunAs;
  readonly initFile: string;
  readonly password: string;
  readonly certificates: Certificates | undefined;
  readonly port: number;
  readonly settings: Readonly<Record<string, string | number>>;
}

export function findMariadb(): MariadbPrograms | undefined {
  return findExecutables({ install: ["mariadb-install-db"], server: ["mariadbd"] });
}

/** Starts MariaDB with a temporary data directory and waits until it answers. */
export async function startMariadb(options: MariadbOptions = {}): Promise<MariadbServer> {
  const programs = required(findMariadb(), "mariadb");
  const runAs = dropRootTo("mysql");
  return inTemporaryDirectory("leat-mariadb", accountOf(runAs), async ({ path: directory, remove }) => {
    const base = await prepare(programs, directory, runAs, options.tls ?? false);
    return onPort(options.port, async (port) => {
      const plan = { ...base, port, settings: options.settings ?? {} };
      return { ...connectionTo(plan), ...lifecycleOf(await launch(plan), () => launch(plan), remove) };
    });
  });
}

async function prepare(programs: MariadbPrograms, directory: string, runAs: RunAs, tls: boolean) {
  await installDatabase(programs.install, directory, runAs);
  const password = randomBytes(16).toString("hex");
  const initFile = writePrivateFile(path.join(directory, "init.sql"), initSql(password), accountOf(runAs));
  const certificates = tls ? await makeCertificates(path.join(directory, "tls"), runAs) : undefined;
  return { command: programs.server, directory, runAs, initFile, password, certificates };
}

async function installDatabase(command: string, directory: string, runAs: RunAs): Promise<void> {
  const data = makeDirectory(path.join(directory, "data"), accountOf(runAs));
  const words = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"];
  // --no-defaults works in the first place only. Without it, the settings of the system's own server are read.
  const args = ["--no-defaults", `--datadir=${data}`, ...words, "--innodb-log-file-size=16M"];
  const environment = { TMPDIR: directory };
  await runToEnd({ name: "mariadb-install-db", command, args, directory, runAs, environment });
}

/** One statement a line, as `--init-file` wants it; it runs before each start, and before any client. */
function initSql(password: string): string {
  return [
    `CREATE DATABASE IF NOT EXISTS ${DATABASE};`,
    `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO '${USER}'@'%' WITH GRANT OPTION;`,
    "DROP USER IF EXISTS 'root'@'127.0.0.1';",
    "",
  ].join("\n");
}

async function launch(plan: Plan): Promise<ServerProcess> {
  const settings = Object.entries(settingsOf(plan)).map(([name, value]) => `--${name}=${value}`);
  const server = new ServerProcess({
    ...plan,
    name: "MariaDB",
    args: ["--no-defaults", "--skip-name-resolve", "--skip-log-bin", ...settings],
  });
  await server.waitUntilReady(() => readGreeting(plan.port));
  return server;
}

function settingsOf({ directory, port, initFile, certificates, settings }: Plan) {
  return {
    datadir: path.join(directory, "data"),
    socket: path.join(directory, "socket"),
    "pid-file": path.join(directory, "pid"),
    tmpdir: directory,
    "bind-address": LOCALHOST,
    port,
    "init-file": initFile,
    "local-infile": 1,
    "character-set-server": "utf8mb4",
    ...FAST_SETTINGS,
    ...(certificates && tlsSettings(certificates)),
    ...settings,
  };
}

function tlsSettings({ caFile, certificateFile, keyFile }: Certificates) {
  return { "ssl-ca": caFile, "ssl-cert": certificateFile, "ssl-key": keyFile };
}

function connectionTo({ port, password, certificates }: Plan) {
  const url = `mysql://${USER}:${password}@${LOCALHOST}:${port}/${DATABASE}`;
  const connection = { url, host: LOCALHOST, port, user: USER, password, database: DATABASE };
  return { ...connection, ...(certificates && { ca: certificates.ca }) };
}
