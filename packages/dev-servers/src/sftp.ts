import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { isRoot } from "./accounts.ts";
import { required } from "./debian-packages.ts";
import { inTemporaryDirectory, makeDirectory, writePrivateFile } from "./directories.ts";
import { findExecutables } from "./executables.ts";
import { readGreeting } from "./greeting.ts";
import { lifecycleOf, type ServerLifecycle } from "./lifecycle.ts";
import { LOCALHOST, onPort } from "./ports.ts";
import { runToEnd, ServerProcess } from "./server-process.ts";

/** OpenSSH, serving SFTP and nothing else, on 127.0.0.1. Sessions outlive `stop()` until their clients go. */
export interface SftpServer extends ServerLifecycle {
  readonly host: string;
  readonly port: number;
  /** The user of this process, whom the server lets in with the key. */
  readonly user: string;
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string;
  /** SHA-256 of the server's public key, in base64, for a client that verifies it. */
  readonly hostKeySha256: string;
  /** Absolute path of the directory that a login starts in. A client can leave it. */
  readonly home: string;
}

export interface OpensshPrograms {
  readonly server: string;
  readonly keygen: string;
}

export function findOpenssh(): OpensshPrograms | undefined {
  return findExecutables({ server: ["sshd"], keygen: ["ssh-keygen"] });
}

export interface SftpOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Settings of sshd_config that come before ours: `{ PasswordAuthentication: "yes" }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts an SFTP server with an empty home directory and waits until it answers. */
export async function startSftp(options: SftpOptions = {}): Promise<SftpServer> {
  const programs = required(findOpenssh(), "sftp");
  // sshd wants the directory for its unprivileged part, and the packages make it only where a system service starts.
  if (isRoot()) mkdirSync("/run/sshd", { recursive: true });
  return inTemporaryDirectory("leat-sftp", undefined, async ({ path: directory, remove }) => {
    const login = await makeLogin(programs.keygen, directory);
    return onPort(options.port, async (port) => {
      const launch = () =>
        launchSshd(programs.server, directory, configuration(directory, port, login, options), port);
      const lifecycle = lifecycleOf(await launch(), launch, remove);
      return { host: LOCALHOST, port, ...login, ...lifecycle };
    });
  });
}

type Login = Pick<SftpServer, "user" | "privateKey" | "hostKeySha256" | "home">;

async function makeLogin(keygen: string, directory: string): Promise<Login> {
  for (const name of ["host-key", "user-key"]) await makeKey(keygen, directory, name);
  copyFileSync(path.join(directory, "user-key.pub"), path.join(directory, "authorized-keys"));
  const [, hostKey = ""] = readFileSync(path.join(directory, "host-key.pub"), "utf8").split(" ");
  return {
    user: os.userInfo().username,
    privateKey: readFileSync(path.join(directory, "user-key"), "utf8"),
    hostKeySha256: createHash("sha256").update(Buffer.from(hostKey, "base64")).digest("base64"),
    home: makeDirectory(path.join(directory, "home")),
  };
}

async function makeKey(command: string, directory: string, name: string): Promise<void> {
  const args = ["-q", "-t", "ed25519", "-N", "", "-f", path.join(directory, name)];
  await runToEnd({ name: "ssh-keygen", command, args, directory });
}

async function launchSshd(
  command: string,
  directory: string,
  configuration: string,
  port: number,
): Promise<ServerProcess> {
  const file = writePrivateFile(path.join(directory, "sshd-config"), configuration);
  // -D: in the foreground. -e: log to standard error.
  const server = new ServerProcess({ name: "OpenSSH", command, args: ["-D", "-e", "-f", file], directory });
  await server.waitUntilReady(() => readGreeting(port));
  return server;
}

function configuration(directory: string, port: number, { user, home }: Login, options: SftpOptions): string {
  const settings = {
    ListenAddress: LOCALHOST,
    Port: port,
    HostKey: path.join(directory, "host-key"),
    PidFile: path.join(directory, "pid"),
    AuthorizedKeysFile: path.join(directory, "authorized-keys"),
    AllowUsers: user,
    PermitRootLogin: "prohibit-password",
    PasswordAuthentication: "no",
    KbdInteractiveAuthentication: "no",
    UsePAM: "no",
    // It would refuse keys below a directory that others can write, such as /tmp.
    StrictModes: "no",
    Subsystem: `sftp internal-sftp -d ${home}`,
    ForceCommand: `internal-sftp -d ${home}`,
    AllowTcpForwarding: "no",
    UseDNS: "no",
    MaxStartups: 100,
    MaxSessions: 100,
    PerSourceMaxStartups: "none",
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join("");
}
