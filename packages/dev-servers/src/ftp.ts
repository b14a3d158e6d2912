import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { type Account, findAccountById, groupName } from "./accounts.ts";
import { type Certificates, makeCertificates, runOpenssl } from "./certificates.ts";
import { required } from "./debian-packages.ts";
import { inTemporaryDirectory, makeDirectory, writePrivateFile } from "./directories.ts";
import { findExecutable } from "./executables.ts";
import { readGreeting } from "./greeting.ts";
import { lifecycleOf, type ServerLifecycle } from "./lifecycle.ts";
import { freePort, freePortRun, LOCALHOST, onPort } from "./ports.ts";
import { accountOf, dropRootTo, type RunAs } from "./run-as.ts";
import { ServerProcess } from "./server-process.ts";

const USER = "leat";
const MODULES = "/usr/lib/proftpd";
const PASSIVE_PORTS = 64;

export interface FtpOptions {
  /** Defaults to a free port. */
  readonly port?: number;
  /** Whether the server refuses a login without TLS. Defaults to false: clients choose. */
  readonly requireTls?: boolean;
  /** For how many days the certificate is valid; with a negative number it has expired. Default 3650. */
  readonly certificateDays?: number;
}

/** ProFTPD on 127.0.0.1, plain or with explicit TLS (`AUTH TLS`), and with implicit TLS and SFTP on ports of their own. */
export interface FtpServer extends ServerLifecycle {
  readonly host: string;
  readonly port: number;
  /** Here a connection is encrypted from its first byte. */
  readonly implicitTlsPort: number;
  /** Here it is a SFTP server, for the same user. */
  readonly sftpPort: number;
  /** First and last of the ports that data connections go to. */
  readonly passivePorts: readonly [first: number, last: number];
  readonly user: string;
  readonly password: string;
  /** Absolute path of the directory that a login starts in. A client can leave it. */
  readonly home: string;
  /** The certificate, as PEM, of the authority to trust. */
  readonly ca: string;
}

interface Plan {
  readonly command: string;
  readonly directory: string;
  readonly runAs: RunAs;
  readonly home: string;
  readonly password: string;
  readonly certificates: Certificates;
  readonly port: number;
  readonly implicitTlsPort: number;
  readonly sftpPort: number;
  readonly passivePorts: readonly [first: number, last: number];
  readonly requireTls: boolean;
}

/** The path of `proftpd`, if its modules for TLS and SFTP, which come together, are there too. */
export function findProftpd(): string | undefined {
  return existsSync(path.join(MODULES, "mod_tls.so")) ? findExecutable("proftpd") : undefined;
}

/** Starts an FTP server with an empty home directory and waits until it answers. */
export async function startFtp(options: FtpOptions = {}): Promise<FtpServer> {
  const command = required(findProftpd(), "ftp");
  const runAs = dropRootTo();
  return inTemporaryDirectory("leat-ftp", accountOf(runAs), async ({ path: directory, remove }) => {
    const base = { command, directory, runAs, ...(await prepare(directory, runAs, options)) };
    return onPort(options.port, async (port) => {
      const plan = { ...base, ...(await otherPorts()), port, requireTls: options.requireTls ?? false };
      const { home, password, certificates, implicitTlsPort, sftpPort, passivePorts } = plan;
      const ports = { port, implicitTlsPort, sftpPort, passivePorts };
      const connection = { host: LOCALHOST, ...ports, user: USER, password, home, ca: certificates.ca };
      return { ...connection, ...lifecycleOf(await launch(plan), () => launch(plan), remove) };
    });
  });
}

async function otherPorts(): Promise<Pick<Plan, "implicitTlsPort" | "sftpPort" | "passivePorts">> {
  const first = await freePortRun(PASSIVE_PORTS);
  const [implicitTlsPort, sftpPort] = await Promise.all([freePort(), freePort()]);
  return { implicitTlsPort, sftpPort, passivePorts: [first, first + PASSIVE_PORTS - 1] };
}

async function prepare(directory: string, runAs: RunAs, { certificateDays }: FtpOptions) {
  const home = makeDirectory(path.join(directory, "home"), accountOf(runAs), 0o755);
  const password = randomBytes(16).toString("hex");
  const hash = (await runOpenssl(["passwd", "-6", password], directory, runAs)).trim();
  const { uid, gid } = accountRunning(runAs);
  writePrivateFile(
    path.join(directory, "passwd"),
    `${USER}:${hash}:${uid}:${gid}::${home}:/bin/sh\n`,
    accountOf(runAs),
  );
  const certificates = await makeCertificates(path.join(directory, "tls"), runAs, certificateDays);
  return { home, password, certificates };
}

async function launch(plan: Plan): Promise<ServerProcess> {
  const { command, directory, runAs, port } = plan;
  const content = configuration(plan);
  const file = writePrivateFile(path.join(directory, "proftpd.conf"), content, accountOf(runAs));
  // -n: in the foreground.
  const server = new ServerProcess({
    name: "ProFTPD",
    command,
    args: ["-n", "-q", "-c", file],
    directory,
    runAs,
  });
  await server.waitUntilReady(() => readGreeting(port));
  return server;
}

function configuration(plan: Plan): string {
  const { directory, certificates, runAs, port, implicitTlsPort, sftpPort, passivePorts, requireTls } = plan;
  const account = accountRunning(runAs);
  return `ServerType standalone
# The account that it runs as already: without them it tries to change to the one it was built with.
User ${account.name}
Group ${groupName(account.gid)}
DefaultAddress ${LOCALHOST}
SocketBindTight on
Port ${port}
UseIPv6 off
UseReverseDNS off
PidFile ${directory}/pid
ScoreboardFile ${directory}/scoreboard
WtmpLog off
TransferLog none
DelayTable none
<IfModule mod_ctrls.c>
  ControlsEngine off
</IfModule>
<IfModule mod_cap.c>
  CapabilitiesEngine off
</IfModule>
ModulePath ${MODULES}
LoadModule mod_tls.c
LoadModule mod_sftp.c
TLSEngine on
TLSRequired ${requireTls ? "on" : "off"}
<Global>
  PassivePorts ${passivePorts.join(" ")}
  RequireValidShell off
  AuthPAM off
  AuthOrder mod_auth_file.c
  AuthUserFile ${directory}/passwd
  AllowOverwrite on
  AllowStoreRestart on
  AllowRetrieveRestart on
  TLSLog ${directory}/tls.log
  TLSProtocol TLSv1.2 TLSv1.3
  TLSECCertificateFile ${certificates.certificateFile}
  TLSECCertificateKeyFile ${certificates.keyFile}
  TLSVerifyClient off
</Global>
<VirtualHost ${LOCALHOST}>
  Port ${implicitTlsPort}
  TLSEngine on
  TLSRequired on
  TLSOptions UseImplicitSSL
</VirtualHost>
<VirtualHost ${LOCALHOST}>
  Port ${sftpPort}
  SFTPEngine on
  SFTPLog ${directory}/sftp.log
  SFTPHostKey ${certificates.keyFile}
  SFTPAuthMethods password
</VirtualHost>
`;
}

function accountRunning(runAs: RunAs): Account {
  const uid = process.getuid?.() ?? 0;
  const account = accountOf(runAs) ?? findAccountById(uid);
  if (account !== undefined) return account;
  throw new Error(`ProFTPD needs a name for the user id ${uid}; add a line for it to /etc/passwd`);
}
