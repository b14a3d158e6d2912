import type { Socket } from "node:net";
import type SftpDriver from "ssh2-sftp-client";
import { parentOf } from "./sftp-directories.ts";
import { connectionLost, hasStatus, noAnswer, noSuchFile, type SftpFailure, STATUS } from "./sftp-errors.ts";

/** The session of ssh2, which a driver gives when it has connected. */
export type Sftp = Awaited<ReturnType<SftpDriver["connect"]>>;

/** An open file or directory, by the server's name for it. */
export type Handle = Buffer;

/** What the server says of a file or directory. */
export interface Attributes {
  readonly mode: number;
  readonly size: number;
  /** Last write, in whole seconds since the Unix epoch. */
  readonly mtime: number;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFile(): boolean;
}

export interface DirectoryEntry {
  readonly filename: string;
  readonly attrs: Attributes;
}

type Done<T> = (error: Error | null | undefined, result?: T) => void;

/**
 * Content that every server takes in one request.
 * https://datatracker.ietf.org/doc/html/draft-ietf-secsh-filexfer-02#section-3
 */
const LEAST_REQUEST_BYTES = 31 * 1024;

/** Content that OpenSSH takes and gives in one request; the driver takes no larger packets. */
const MOST_REQUEST_BYTES = 255 * 1024;

/** Routers and servers forget connections that are quiet for a minute and more. */
const KEEP_ALIVE_MS = 20_000;

/**
 * One connection, on which any number of requests are under way at once. They all fail with a SftpFailure when the
 * connection is lost, which it also is when nothing is answered for as long as the deadline.
 */
export class SftpClient {
  readonly #socket: Socket;
  readonly #sftp: Sftp;
  readonly #pending = new Set<(failure: SftpFailure) => void>();
  readonly #deadline: NodeJS.Timeout;
  readonly #keepAlive: NodeJS.Timeout;
  #failure: SftpFailure | undefined;

  constructor(socket: Socket, sftp: Sftp, idleTimeoutMs: number) {
    this.#socket = socket;
    this.#sftp = sftp;
    this.#deadline = setTimeout(() => this.#passDeadline(idleTimeoutMs), idleTimeoutMs).unref();
    this.#keepAlive = setInterval(() => this.#ping(), KEEP_ALIVE_MS).unref();
    let reason: Error | undefined;
    const note = (error: Error): void => void (reason ??= error);
    socket.on("error", note);
    sftp.on("error", note);
    socket.once("close", () => this.#end(connectionLost(reason)));
    // The server can end the session and leave the connection.
    sftp.once("close", () => this.disconnect());
    if (socket.destroyed) this.#end(connectionLost(undefined));
  }

  /** Whether the connection has been lost or ended. */
  get isLost(): boolean {
    return this.#failure !== undefined;
  }

  /** Calls `listener` when the connection has been lost or ended. */
  onLost(listener: () => void): void {
    this.#socket.once("close", listener);
  }

  /** Keeps this process alive, or does not. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.ref();
    else this.#socket.unref();
  }

  /** Ends the connection at once. */
  disconnect(failure?: SftpFailure): void {
    this.#socket.destroy(failure);
  }

  stat(path: string): Promise<Attributes> {
    return this.#at(path, (sftp, done: Done<Attributes>) => sftp.stat(path, done));
  }

  lstat(path: string): Promise<Attributes> {
    return this.#at(path, (sftp, done: Done<Attributes>) => sftp.lstat(path, done));
  }

  fstat(handle: Handle): Promise<Attributes> {
    return this.#request((sftp, done: Done<Attributes>) => sftp.fstat(handle, done));
  }

  /** Opens a file: `wx` makes a new one. */
  open(path: string, flags: "r" | "wx"): Promise<Handle> {
    return this.#at(path, (sftp, done: Done<Handle>) => sftp.open(path, flags, copied(done)));
  }

  close(handle: Handle): Promise<void> {
    return this.#request((sftp, done: Done<void>) => sftp.close(handle, done));
  }

  /** Fills `buffer` from `position` on; gives the number of bytes, 0 at the end of the file. */
  read(handle: Handle, buffer: Buffer, position: number): Promise<number> {
    return this.#request((sftp, done: Done<number>) =>
      sftp.read(handle, buffer, 0, buffer.length, position, done),
    );
  }

  /** Most bytes that the server gives by one `read`. For more, the driver asks again when it has them. */
  get mostBytesRead(): number {
    return this.#limit("_maxReadLen");
  }

  /** Most bytes that one `write` may have: the driver copies these, and keeps a reference to the rest until they are answered. */
  get mostBytesWritten(): number {
    return this.#limit("_maxWriteLen");
  }

  /** Writes `bytes`, at most `mostBytesWritten`, which can be used again at once: they are copied into the request. */
  write(handle: Handle, bytes: Buffer, position: number): Promise<void> {
    return this.#request((sftp, done: Done<void>) =>
      // A request has many packets, and the second argument is no result.
      this.together(() => sftp.write(handle, bytes, 0, bytes.length, position, (error) => done(error))),
    );
  }

  /** Hands all that `send` asks for to the system at once. */
  together(send: () => void): void {
    this.#socket.cork();
    try {
      send();
    } finally {
      this.#socket.uncork();
    }
  }

  mkdir(path: string): Promise<void> {
    return this.#at(path, (sftp, done: Done<void>) => sftp.mkdir(path, done));
  }

  rmdir(path: string): Promise<void> {
    return this.#request((sftp, done: Done<void>) => sftp.rmdir(path, done));
  }

  unlink(path: string): Promise<void> {
    return this.#request((sftp, done: Done<void>) => sftp.unlink(path, done));
  }

  /** Renames and, as the protocol has it, fails when something has the new name. */
  rename(from: string, to: string): Promise<void> {
    return this.#request((sftp, done: Done<void>) => sftp.rename(from, to, done));
  }

  /** Renames in one step, replacing a file. An extension: see `isUnsupported`. */
  posixRename(from: string, to: string): Promise<void> {
    return this.#request((sftp, done: Done<void>) => sftp.ext_openssh_rename(from, to, done));
  }

  /** Gives a file a second name, if that is free. An extension: see `isUnsupported`. */
  hardLink(file: string, name: string): Promise<void> {
    return this.#request((sftp, done: Done<void>) => sftp.ext_openssh_hardlink(file, name, done));
  }

  /** Copies a range of bytes on the server. An extension: see `isUnsupported`. */
  copyData(from: Handle, to: Handle, position: number, length: number): Promise<void> {
    return this.#request((sftp, done: Done<void>) =>
      sftp.ext_copy_data(from, position, length, to, position, done),
    );
  }

  openDirectory(path: string): Promise<Handle> {
    return this.#request((sftp, done: Done<Handle>) => sftp.opendir(path, copied(done)));
  }

  /** The next entries of a directory, without `.` and `..`. At its end the server answers with the status EOF. */
  readDirectory(handle: Handle): Promise<DirectoryEntry[]> {
    return this.#request((sftp, done: Done<DirectoryEntry[]>) => sftp.readdir(handle, done));
  }

  /** Bytes that this account can still write to the file system of `path`. An extension: see `isUnsupported`. */
  async freeBytes(path: string): Promise<number> {
    const found = await this.#request((sftp, done: Done<Record<string, number>>) =>
      sftp.ext_openssh_statvfs(path, done),
    );
    return (found["f_bavail"] ?? 0) * (found["f_frsize"] ?? 0);
  }

  /** Asks for something at a path. Below a file nothing can be, for which servers have different answers: here it is one. */
  async #at<T>(path: string, send: (sftp: Sftp, done: Done<T>) => void): Promise<T> {
    try {
      return await this.#request(send);
    } catch (error) {
      const isBelowFile = hasStatus(error, STATUS.FAILURE) && (await this.#isBelowFile(path));
      throw isBelowFile ? noSuchFile(error) : error;
    }
  }

  async #isBelowFile(path: string): Promise<boolean> {
    const parent = parentOf(path);
    if (parent === undefined) return false;
    try {
      return !(await this.stat(parent)).isDirectory();
    } catch (error) {
      return hasStatus(error, STATUS.NO_SUCH_FILE);
    }
  }

  /** A limit that the driver has from the server, and tells nobody. */
  #limit(name: string): number {
    const most = (this.#sftp as unknown as Readonly<Record<string, unknown>>)[name];
    return typeof most === "number" ? Math.min(most, MOST_REQUEST_BYTES) : LEAST_REQUEST_BYTES;
  }

  #request<T>(send: (sftp: Sftp, done: Done<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      // The deadline is for the answer, however long nothing was asked before.
      if (this.#pending.size === 0) this.#deadline.refresh();
      this.#pending.add(reject);
      const settle = (error: Error | null | undefined, result?: T): void => {
        if (this.#failure !== undefined) return;
        this.#deadline.refresh();
        this.#pending.delete(reject);
        // ssh2 says "No response from server" when the connection ends; why it did comes with the end.
        if (error?.message === "No response from server") this.#pending.add(reject);
        else if (error) reject(error);
        else resolve(result as T);
      };
      try {
        send(this.#sftp, settle);
      } catch (error) {
        settle(error as Error);
      }
    });
  }

  #passDeadline(idleTimeoutMs: number): void {
    if (this.#pending.size > 0)
      this.disconnect(noAnswer("the server did not answer the next request", idleTimeoutMs));
  }

  #ping(): void {
    // Any answer will do, and without one the deadline tells.
    if (this.#pending.size === 0) this.stat(".").catch(() => undefined);
  }

  #end(failure: SftpFailure): void {
    this.#failure = failure;
    clearTimeout(this.#deadline);
    clearInterval(this.#keepAlive);
    for (const reject of this.#pending) reject(failure);
    this.#pending.clear();
  }
}

/** A handle is what ssh2 gives out of the memory that the socket reads into again. */
function copied(done: Done<Handle>): Done<Handle> {
  return (error, handle) => done(error, handle && Buffer.from(handle));
}
