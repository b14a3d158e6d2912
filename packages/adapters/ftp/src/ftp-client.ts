import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { TLSSocket } from "node:tls";
import { Client, FTPError, type AccessOptions } from "basic-ftp";
import type { FileStat } from "@leat/core";
import { isRefusal, saysForbidden, saysMissing } from "./ftp-errors.ts";
import { entriesOf, type FtpEntry } from "./ftp-listing.ts";
import type { FtpSettings } from "./ftp-options.ts";

const SECURE = { explicit: true, implicit: "implicit", none: false } as const;

/** How long to wait for a ticket of TLS 1.3: servers need not send one, and nothing else tells that they are ready. */
const TICKET_MS = 100;

/**
 * One connection, used for one thing at a time.
 *
 * Commands and replies carry bytes: text goes through `wire`, one character a byte, so that names which are not UTF-8 come as they
 * are. Paths on the wire are absolute: one that begins with a blank or a dash would be taken for something else.
 */
export class FtpClient {
  /** The directory that the login started in, where relative paths start. Often not the root. */
  readonly base: string;
  readonly #client: Client;
  readonly #hasMlsd: boolean;
  #announcedBytes: number | undefined;
  #ticketBefore: Buffer | undefined;

  private constructor(client: Client, base: string) {
    this.#client = client;
    this.base = base;
    this.#hasMlsd = client.availableListCommands.includes("MLSD");
    const closeWithError = client.ftp.closeWithError.bind(client.ftp);
    client.ftp.closeWithError = (error) => {
      // A server that refuses data resets their connection; why it did so comes as a reply.
      if (!isOfDataConnection(error)) closeWithError(error);
    };
    // Only the log of basic-ftp shows the reply that opens a transfer.
    client.ftp.log = (line) => {
      const size = /^< 1(?:25|50) .*\((\d+) bytes\)/.exec(line)?.[1];
      if (size !== undefined) this.#announcedBytes = Number(size);
    };
  }

  static async connect(settings: FtpSettings, signal: AbortSignal | undefined): Promise<FtpClient> {
    const client = new Client(settings.timeoutMs);
    client.ftp.encoding = "latin1";
    try {
      return await withinDeadline(settings.timeoutMs, signal, logIn(client, settings));
    } catch (error) {
      client.close();
      throw error;
    }
    async function logIn(client: Client, settings: FtpSettings): Promise<FtpClient> {
      await client.access(accessOptions(settings));
      const { message } = await client.send("PWD");
      const quoted = /^257[ -]"((?:[^"]|"")*)"/.exec(message)?.[1] ?? "/";
      return new FtpClient(client, Buffer.from(quoted.replaceAll('""', '"'), "latin1").toString());
    }
  }

  get isClosed(): boolean {
    return this.#client.closed;
  }

  close(): void {
    this.#client.close();
  }

  /** Lets the process end while the connection is open. */
  rest(): void {
    this.#client.ftp.socket.unref();
  }

  wake(): void {
    this.#client.ftp.socket.ref();
  }

  /** Makes sure that the server is still there. */
  async ping(): Promise<void> {
    await this.#client.send("NOOP");
  }

  /** Bytes of the file that the last download opened, where the server told: it cannot have been replaced since. */
  get announcedBytes(): number | undefined {
    return this.#announcedBytes;
  }

  /** What is at a path, links followed; `undefined` only when the server says so, or its listings. */
  async stat(path: string): Promise<FileStat | undefined> {
    try {
      const size = await this.size(path);
      return { kind: "file", size, modifiedAt: await this.#modifiedAt(path) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const refusal = await this.#refusalToEnter(path);
      if (refusal === undefined) return { kind: "directory", size: 0, modifiedAt: undefined };
      return this.#sureIsMissing(path, [error, refusal]);
    }
  }

  async size(path: string): Promise<number> {
    return this.#client.size(this.#wire(path));
  }

  async entries(path: string): Promise<FtpEntry[]> {
    // With LIST, a path could be taken for options or a pattern.
    if (!this.#hasMlsd) return this.entriesByList(path);
    this.#client.availableListCommands = ["MLSD"];
    const infos = await this.#closingOnFailure(() => this.#client.list(this.#wire(path)));
    return entriesOf(infos, path);
  }

  /** Also what MLSD leaves out: some servers do so with links that lead nowhere. */
  async entriesByList(path: string): Promise<FtpEntry[]> {
    await this.#client.cd(this.#wire(path));
    this.#client.availableListCommands = ["LIST -a", "LIST"];
    const infos = await this.#closingOnFailure(() => this.#client.list());
    return entriesOf(infos, path);
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#send("MKD", path);
  }

  async removeFile(path: string): Promise<void> {
    await this.#send("DELE", path);
  }

  async removeDirectory(path: string): Promise<void> {
    await this.#send("RMD", path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#send("RNFR", from);
    await this.#send("RNTO", to);
  }

  /** Resolves when the server says that it has sent all. After a failure the connection is closed. */
  async download(path: string, start: number, sink: Writable): Promise<void> {
    this.#announcedBytes = undefined;
    await this.#closingOnFailure(() => this.#client.downloadTo(sink, this.#wire(path), start));
  }

  /** Resolves when the server says that it has all. After a failure the connection is closed. */
  async upload(path: string, source: Readable): Promise<void> {
    this.#ticketBefore = this.#client.ftp.tlsSessionStore;
    await this.#closingOnFailure(async () => {
      try {
        await this.#client.uploadFrom(source, this.#wire(path));
      } catch (error) {
        if (error instanceof FTPError || this.isClosed) throw error;
        throw (await this.#lateRefusal()) ?? error;
      }
    });
  }

  /**
   * Resolves when an upload that has sent nothing can end: ProFTPD takes it for a failed handshake (425) when the connection
   * ends before the server has sent its session ticket.
   */
  async readyToEndEmpty(): Promise<void> {
    const { dataSocket, tlsSessionStore } = this.#client.ftp;
    if (!(dataSocket instanceof TLSSocket) || dataSocket.getProtocol() !== "TLSv1.3") return;
    if (tlsSessionStore !== this.#ticketBefore) return;
    await once(dataSocket, "session", { signal: AbortSignal.timeout(TICKET_MS) }).catch(() => undefined);
  }

  /** The reply to a transfer whose data connection broke, if the server gives one that says no. */
  async #lateRefusal(): Promise<FTPError | undefined> {
    const { ftp } = this.#client;
    return (ftp.handle(undefined, (reply, task) => task.resolve(reply)) as Promise<unknown>).then((reply) =>
      reply instanceof FTPError && reply.code !== 426 ? reply : undefined,
    );
  }

  async #send(command: string, path: string): Promise<void> {
    await this.#client.send(`${command} ${this.#wire(path)}`);
  }

  #wire(path: string): string {
    return wire(this.absolute(path));
  }

  /** The path from the root of the server, without what does not count in it. */
  absolute(path: string): string {
    const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
    const start = path.startsWith("/") ? "" : this.base.replace(/\/+$/, "");
    return [start, ...segments].join("/") || "/";
  }

  async #modifiedAt(path: string): Promise<number | undefined> {
    try {
      const time = (await this.#client.lastMod(this.#wire(path))).getTime();
      return Number.isNaN(time) ? undefined : time;
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** Goes into a directory; gives what the server says against it. The working directory matters for nothing else. */
  async #refusalToEnter(path: string): Promise<Error | undefined> {
    try {
      await this.#client.cd(this.#wire(path));
      return undefined;
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
  }

  /** Servers may refuse without a reason, as vsftpd does: then the parent's listing tells whether something is there. */
  async #sureIsMissing(path: string, refusals: readonly Error[]): Promise<undefined> {
    const forbidden = refusals.find(saysForbidden);
    if (forbidden !== undefined) throw forbidden;
    if (refusals.some(saysMissing)) return;
    const [, parent = "", name] = /^(.*)\/([^/]+)$/s.exec(this.absolute(path)) ?? [];
    if (name === undefined) throw refusals[0] as Error;
    if ((await this.stat(parent || "/")) === undefined) return;
    const entry = (await this.entries(parent || "/")).find((entry) => entry.name === name);
    if (entry !== undefined && entry.kind !== "link") throw refusals[0] as Error;
  }

  /** A transfer that failed may be told of twice, and the second reply be taken for that of the next command. */
  async #closingOnFailure<T>(transfer: () => Promise<T>): Promise<T> {
    try {
      return await transfer();
    } catch (error) {
      this.close();
      throw error;
    }
  }
}

function accessOptions(settings: FtpSettings): AccessOptions {
  const { host, port, user, password, tls, ca, verifyCertificate } = settings;
  const secureOptions = { rejectUnauthorized: verifyCertificate, ...(ca === undefined ? {} : { ca }) };
  return { host, port, user: wire(user), password: wire(password), secure: SECURE[tls], secureOptions };
}

/** Whether it is one of those that basic-ftp closes the connection for, other than that no data moved in time. */
function isOfDataConnection({ message }: Error): boolean {
  return message.endsWith("(data socket)") && !message.startsWith("Timeout");
}

/** UTF-8, one character a byte. */
function wire(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** basic-ftp has a deadline for each reply, but none for the handshake of TLS. */
async function withinDeadline<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const { promise, reject } = withReject();
  const timer = setTimeout(() => reject(new Error("Timeout while connecting")), timeoutMs);
  const stop = (): void => reject(signal?.reason as Error);
  signal?.addEventListener("abort", stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

function withReject(): { promise: Promise<never>; reject: (error: Error) => void } {
  let reject!: (error: Error) => void;
  const promise = new Promise<never>((_resolve, rejectIt) => (reject = rejectIt));
  return { promise, reject };
}
