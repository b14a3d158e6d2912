import type { Socket } from "node:net";
import SftpDriver from "ssh2-sftp-client";
import { hostKeyCheck } from "./host-key.ts";
import { SftpClient } from "./sftp-client.ts";
import { connectError, noAnswer, type SftpFailure } from "./sftp-errors.ts";
import { agentOf, invalid, type ResolvedSettings } from "./sftp-options.ts";
import { SftpSocket } from "./sftp-socket.ts";

type DriverOptions = SftpDriver.ConnectOptions;

// By default the driver prints what happens to a connection.
const SILENT = { error: () => undefined, end: () => undefined, close: () => undefined };

/** Processors have instructions for AES; without these in front, ChaCha20 would be taken, which costs a fifth of the rate. */
const FAST_CIPHERS = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"];

/** Connects and logs in. Rejects with a SftpFailure, within the deadline of the settings. */
export async function connectSftp(settings: ResolvedSettings): Promise<SftpClient> {
  const { host, port, connectTimeoutMs } = settings;
  const reasons: Reasons = { first: undefined };
  const options = driverOptions(settings, reasons);
  const connection = new SftpSocket(host, port);
  const { socket } = connection;
  const deadline = setTimeout(() => {
    socket.destroy(noAnswer(`the server did not let us in`, connectTimeoutMs));
  }, connectTimeoutMs);
  try {
    const sftp = await login(socket, options, settings, reasons);
    connection.reuseMemory();
    return new SftpClient(socket, sftp, settings.idleTimeoutMs);
  } catch (error) {
    socket.destroy();
    throw reasons.first ?? connectError(error);
  } finally {
    clearTimeout(deadline);
  }
}

/** What the driver tells only by a message of its own, or not at all. */
interface Reasons {
  first: SftpFailure | undefined;
}

async function login(
  socket: Socket,
  options: DriverOptions,
  { password }: ResolvedSettings,
  reasons: Reasons,
): ReturnType<SftpDriver["connect"]> {
  const driver = new SftpDriver("leat", SILENT);
  driver.on("error", (error: Error) => (reasons.first ??= connectError(error)));
  // Some servers ask for the password in this way only.
  driver.on("keyboard-interactive", (...[, , , prompts, answer]: KeyboardInteractive) => {
    answer(prompts.map(() => password ?? ""));
  });
  return driver.connect({ ...options, sock: socket });
}

type KeyboardInteractive = [
  name: string,
  instructions: string,
  language: string,
  prompts: unknown[],
  answer: (answers: string[]) => void,
];

function driverOptions(settings: ResolvedSettings, reasons: Reasons): DriverOptions {
  const { user, password, privateKey, passphrase, connectTimeoutMs } = settings;
  const agent = agentOf(settings);
  if (password === undefined && privateKey === undefined && agent === undefined)
    throw invalid(
      "There is nothing to log in with. Give privateKey, password or agent, or set SSH_AUTH_SOCK",
    );
  const { algorithms, refusal } = hostKeyCheck(settings);
  return {
    username: user,
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agent === undefined ? {} : { agent }),
    // Ours is the deadline, which is for all of it.
    readyTimeout: 2 * connectTimeoutMs,
    algorithms: { serverHostKey: [...algorithms], cipher: { prepend: FAST_CIPHERS } },
    hostVerifier: (key: Buffer) => (reasons.first = refusal(key)) === undefined,
  } as DriverOptions;
}
