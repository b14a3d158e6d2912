import { dirname } from "node:path/posix";
import type { FileWriter } from "@leat/core";
import { within } from "./abort.ts";
import type { Handle } from "./sftp-client.ts";
import { withParents } from "./sftp-directories.ts";
import { attempt, hasStatus, isLost, isUnsupported, noAnswer, SftpFailure, STATUS } from "./sftp-errors.ts";
import type { Lease, SftpPool } from "./sftp-pool.ts";
import { publishFile, type PublishOptions } from "./sftp-publish.ts";

/**
 * Bytes sent and not confirmed. What is on its way for long burdens the collector; but a server far away gets as many as
 * OpenSSH takes at a time.
 */
const UNCONFIRMED_BYTES = { near: 1024 * 1024, far: 2 * 1024 * 1024 } as const;
/** How long a server that is near takes to answer. */
const NEAR_MS = 5;
/** With so little room left, a write that failed without a reason failed for want of room. */
const FULL_BYTES = 1024 * 1024;
/** How long clearing up may hold up the error that made it necessary. */
const CLEAN_UP_MS = 2_000;

/** Where a file is made, and what it is to become. */
export interface Destination extends PublishOptions {
  readonly temporary: string;
  readonly path: string;
}

/** Writes to a temporary file beside the final one, many requests at a time, and renames it when it is whole. */
export class SftpWriter implements FileWriter {
  readonly #pool: SftpPool;
  readonly #lease: Lease;
  readonly #handle: Handle;
  readonly #destination: Destination;
  #unconfirmedBytes = 0;
  #quickestAnswerMs = Number.POSITIVE_INFINITY;
  #confirmed: () => void = () => undefined;
  #position = 0;
  #failure: unknown;
  #isOpen = true;

  private constructor(pool: SftpPool, lease: Lease, handle: Handle, destination: Destination) {
    this.#pool = pool;
    this.#lease = lease;
    this.#handle = handle;
    this.#destination = destination;
  }

  /** Makes the temporary file over a connection, which is given back when the writer ends or is not made. */
  static async open(pool: SftpPool, lease: Lease, destination: Destination): Promise<SftpWriter> {
    const { temporary } = destination;
    try {
      const open = (): Promise<Handle> => lease.client.open(temporary, "wx");
      return new SftpWriter(pool, lease, await withParents(lease.client, temporary, open), destination);
    } catch (error) {
      lease.release();
      // The server may have made it, and the answer was lost.
      if (isLost(error)) await inTime(remove(pool, temporary)).catch(() => undefined);
      throw error;
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#attempt(async () => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const pieces = Math.ceil(bytes.length / this.#lease.client.mostBytesWritten);
      const pieceBytes = Math.ceil(bytes.length / pieces);
      for (let start = 0; start < bytes.length; start += pieceBytes) {
        const isNear = this.#quickestAnswerMs < NEAR_MS;
        await this.#leaveUnconfirmed(isNear ? UNCONFIRMED_BYTES.near : UNCONFIRMED_BYTES.far);
        this.#send(bytes.subarray(start, start + pieceBytes));
      }
    });
  }

  /** Takes the next bytes from a file that is open on the same connection; the server copies them. */
  async copy(source: Handle, length: number): Promise<void> {
    await this.#explained(() => this.#lease.client.copyData(source, this.#handle, this.#position, length));
    this.#position += length;
  }

  async commit(): Promise<void> {
    await this.#attempt(async () => {
      const { client } = this.#lease;
      await this.#leaveUnconfirmed(0);
      const [{ size }] = await Promise.all([client.fstat(this.#handle), this.#close()]);
      if (size !== this.#position) throw incomplete(size, this.#position);
      await publishFile(client, this.#destination.temporary, this.#destination.path, this.#destination);
    });
    this.#lease.release();
  }

  async abort(): Promise<void> {
    const { path } = this.#destination;
    try {
      await attempt(`remove what was written for ${path}`, path, () => inTime(this.#cleanUp()));
    } finally {
      this.#lease.release();
    }
  }

  /** Sends bytes without waiting for the answer. */
  #send(bytes: Buffer): void {
    const { length } = bytes;
    const sentMs = performance.now();
    const confirm = (): void => {
      this.#quickestAnswerMs = Math.min(this.#quickestAnswerMs, performance.now() - sentMs);
      this.#unconfirmedBytes -= length;
      this.#confirmed();
    };
    this.#lease.client.write(this.#handle, bytes, this.#position).then(confirm, (error: unknown) => {
      this.#failure ??= error;
      confirm();
    });
    this.#unconfirmedBytes += length;
    this.#position += length;
  }

  /** Waits until no more bytes than that are without an answer; throws what went wrong with any. */
  async #leaveUnconfirmed(bytes: number): Promise<void> {
    while (this.#unconfirmedBytes > bytes) await new Promise<void>((resolve) => (this.#confirmed = resolve));
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    await this.#lease.client.close(this.#handle);
  }

  async #cleanUp(): Promise<void> {
    const { client } = this.#lease;
    // A file can be removed while it is open, on most servers; so close it first.
    if (this.#isOpen && !client.isLost) await this.#close().catch(() => undefined);
    await remove(this.#pool, this.#destination.temporary);
  }

  async #attempt(operation: () => Promise<void>): Promise<void> {
    const { path } = this.#destination;
    await attempt(`write ${path}`, path, () => this.#explained(operation));
  }

  async #explained(operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      throw hasStatus(error, STATUS.FAILURE) ? await this.#explain(error) : error;
    }
  }

  /** The server says only that writing failed: looks whether there is room. */
  async #explain(error: unknown): Promise<unknown> {
    try {
      const free = await this.#lease.client.freeBytes(dirname(this.#destination.temporary));
      return free < FULL_BYTES ? full(error) : unexplained(error);
    } catch (failure) {
      if (isUnsupported(failure)) return unexplained(error);
      throw failure;
    }
  }
}

function inTime(cleanUp: Promise<void>): Promise<void> {
  return within(CLEAN_UP_MS, cleanUp, () => noAnswer("the server did not answer", CLEAN_UP_MS));
}

/** Removes a temporary file over any connection: its own may be lost. */
async function remove(pool: SftpPool, temporary: string): Promise<void> {
  try {
    await pool.use((client) => client.unlink(temporary));
  } catch (error) {
    if (!hasStatus(error, STATUS.NO_SUCH_FILE)) throw error;
  }
}

function full(cause: unknown): SftpFailure {
  const cure = "Free space there, or write elsewhere.";
  return new SftpFailure("the server has no room left", { code: "TARGET_FULL", cure }, cause);
}

function unexplained(cause: unknown): SftpFailure {
  const cure = "It does not say why: a quota may be used up, or the disk full.";
  return new SftpFailure("the server failed to write", { code: "TARGET_UNAVAILABLE", cure }, cause);
}

function incomplete(size: number, written: number): SftpFailure {
  return new SftpFailure(`the server holds ${size} of ${written} bytes`, {
    code: "TARGET_UNAVAILABLE",
    cure: "Write it again; should it come again, see the server's log.",
    // The bytes are still here, and nothing was published.
    retryable: true,
  });
}
