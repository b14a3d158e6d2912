import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { TLSSocket } from "node:tls";
import { Client, FTPError, type AccessOptions } from "basic-ftp";
import type { FileStat } from "@leat/core";
import { isRefusal, saysForbidden, saysMissing } from "./ftp-errors.ts";
import { entriesOf, type FtpEntry } from "./ftp-listing.ts";
import type { FtpSettings } from "./ftp-options.ts";

const SECURE = { explicit: true, implicit: "implicit", none: false } as const;

/** How long a server may take to say its last word on a transfer that has ended early; else it is asked over a new connection. */
const LAST_WORD_MS = 5000;

/** A server chooses a port for data, which another may take before it listens there; the next is another port. */
const DATA_CONNECTION_TRIES = 5;

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
  /** Whether the server has said its last word on the command that it was given last. */
  #isAnswered = true;

  private constructor(client: Client, base: string) {
    this.#client = client;
    this.base = base;
    this.#hasMlsd = client.availableListCommands.includes("MLSD");
    const closeWithError = client.ftp.closeWithError.bind(client.ftp);
    client.ftp.closeWithError = (error) => {
      // A server that refuses data resets their connection; why it did so comes as a reply.
      if (!isOfDataConnection(error)) closeWithError(error);
    };
    client.ftp.log = (line) => this.#note(line);
  }

  static async connect(settings: FtpSettings, signal: AbortSignal | undefined): Promise<FtpClient> {
    const client = new Client(settings.timeoutMs);
    client.ftp.encoding = "latin1";
    insistOnDataConnections(client);
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
    const infos = await this.#transfer(() => this.#client.list(this.#wire(path)));
    return entriesOf(infos, path);
  }

  /** Also what MLSD leaves out: some servers do so with links that lead nowhere. */
  async entriesByList(path: string): Promise<FtpEntry[]> {
    await this.#client.cd(this.#wire(path));
    this.#client.availableListCommands = ["LIST -a", "LIST"];
    const infos = await this.#transfer(() => this.#client.list());
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

  /** Resolves when the server says that it has sent all. When the sink is destroyed, the transfer ends. */
  async download(path: string, start: number, sink: Writable): Promise<void> {
    this.#announcedBytes = undefined;
    await this.#transfer(() => this.#client.downloadTo(sink, this.#wire(path), start));
  }

  /** Resolves when the server says that it has all. When the source is destroyed, the transfer ends. */
  async upload(path: string, source: Readable): Promise<void> {
    await this.#transfer(() => this.#client.uploadFrom(source, this.#wire(path)));
  }

  /**
   * Sends bytes of the upload under way past its source, which would need memory of its own for each piece. Resolves when they
   * can be used again.
   */
  async send(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const { dataSocket } = this.#client.ftp;
      if (dataSocket === undefined) reject(new Error("Socket closed"));
      else dataSocket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Resolves when an upload under way can end: before the handshake of TLS is over, its end would be taken for a failure. */
  async readyToEnd(): Promise<void> {
    const { dataSocket } = this.#client.ftp;
    if (!(dataSocket instanceof TLSSocket) || dataSocket.destroyed) return;
    if (dataSocket.getFinished() !== undefined) return;
    await Promise.race([once(dataSocket, "secureConnect"), once(dataSocket, "close")]);
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

  async #transfer<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await this.#settle(error);
    }
  }

  /** Makes the connection ready for the next command after a transfer that failed; gives the reason of the failure. */
  async #settle(error: unknown): Promise<unknown> {
    if (this.isClosed) return error;
    try {
      const said = await withinDeadline(LAST_WORD_MS, undefined, this.#lastWord());
      const isReason = !(error instanceof FTPError) && said instanceof FTPError && said.code !== 426;
      return isReason ? said : error;
    } catch {
      this.close();
      return error;
    }
  }

  /**
   * What the server says of a transfer that it has not answered yet. Some servers tell of one twice: only behind the answer to
   * NOOP comes nothing more.
   */
  async #lastWord(): Promise<unknown> {
    const { ftp } = this.#client;
    const said = this.#isAnswered ? undefined : await ftp.handle(undefined, answerWith);
    await ftp.handle("NOOP", (reply, task) => {
      if (isLost(reply) || reply.code === 200) answerWith(reply, task);
    });
    return said;
  }

  /** Only the log of basic-ftp shows all replies. */
  #note(line: string): void {
    if (!line.startsWith("< ")) return;
    for (const [, kind, bytes] of line.slice(2).matchAll(/^([1-5])\d\d (?:.*\((\d+) bytes\))?/gm)) {
      this.#isAnswered = kind !== "1";
      if (kind === "1" && bytes !== undefined) this.#announcedBytes = Number(bytes);
    }
  }
}

type ReplyHandler = Parameters<Client["ftp"]["handle"]>[1];

/** Ends a task with a reply, also with one that says no. */
const answerWith: ReplyHandler = (reply, task) => (isLost(reply) ? task.reject(reply) : task.resolve(reply));

/** Whether something happened to the connection. */
function isLost(reply: Parameters<ReplyHandler>[0]): reply is Error {
  return reply instanceof Error && !(reply instanceof FTPError);
}

function accessOptions(settings: FtpSettings): AccessOptions {
  const { host, port, user, password, tls, ca, verifyCertificate } = settings;
  const secureOptions = { rejectUnauthorized: verifyCertificate, ...(ca === undefined ? {} : { ca }) };
  return { host, port, user: wire(user), password: wire(password), secure: SECURE[tls], secureOptions };
}

/** Asks again for a data connection that the server could not offer. basic-ftp keeps the first way that worked for all that follow. */
function insistOnDataConnections(client: Client): void {
  let prepare = client.prepareTransfer;
  const insist: typeof prepare = async (context) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await prepare(context);
      } catch (error) {
        // While basic-ftp looks for a way that works, it tells a refusal only within a message of its own.
        const isRefused = error instanceof Error && /\b425 /.test(error.message);
        if (!isRefused || attempt === DATA_CONNECTION_TRIES) throw error;
      }
    }
  };
  Object.defineProperty(client, "prepareTransfer", {
    get: () => insist,
    set: (found: typeof prepare) => {
      prepare = found;
    },
  });
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
