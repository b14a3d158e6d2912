import { PooledReadable } from "@leat/core";
import type { Handle, SftpClient } from "./sftp-client.ts";
import { isLost, SftpFailure, sftpError } from "./sftp-errors.ts";
import { openFile, type OpenFile } from "./sftp-open.ts";
import type { Lease, SftpPool } from "./sftp-pool.ts";

/** Bytes given to the consumer at a time, four requests for OpenSSH: smaller chunks cost more to write elsewhere. */
const CHUNK_BYTES = 4 * 255 * 1024;
/** Chunks asked for in advance: they hide the time that each request takes on its way, and bound the memory. */
const READ_AHEAD = 8;
/** Connections that are tried, without a byte from any, before a broken download fails. */
const MOST_RESUMPTIONS = 2;

/** A file that is open on a connection of the pool. */
type LeasedFile = OpenFile & { readonly lease: Lease };

/**
 * A file as a stream, read ahead of its consumer. When the connection is lost it goes on over another one, if the file
 * still has its size and its time; it never ends before the last byte.
 */
export class SftpReader extends PooledReadable {
  readonly #pool: SftpPool;
  readonly #path: string;
  #file: LeasedFile;
  /** Answers awaited, in the order of the file. */
  #underWay: Promise<Buffer>[] = [];
  #nextRequest: number;
  #position: number;
  #resumptions = 0;

  private constructor(pool: SftpPool, path: string, start: number, file: LeasedFile) {
    super(CHUNK_BYTES);
    this.#pool = pool;
    this.#path = path;
    this.#file = file;
    this.#position = start;
    this.#nextRequest = start;
  }

  static async open(pool: SftpPool, path: string, start: number): Promise<SftpReader> {
    return new SftpReader(pool, path, start, await openLeased(pool, path));
  }

  override _read(): void {
    this.#next().then(
      (chunk) => this.push(chunk),
      (error: unknown) => this.destroy(sftpError(error, `read ${this.#path}`, this.#path) as Error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const closed = closeFile(this.#file);
    // Whoever stops early can wait for the answer, but an error should be told now: the server may never answer.
    if (error !== null) done(error);
    else void closed.then(() => done());
  }

  /** The next bytes; null at the end. */
  async #next(): Promise<Buffer | null> {
    for (;;) {
      try {
        this.#requestAhead();
        const chunk = await this.#underWay[0];
        void this.#underWay.shift();
        return this.#accept(chunk as Buffer);
      } catch (error) {
        await this.#resume(error);
      }
    }
  }

  /** Asks for what is known to be there, and one request more: the end is where the server says so. */
  #requestAhead(): void {
    const { lease, handle, size } = this.#file;
    while (this.#underWay.length < (this.#nextRequest < size ? READ_AHEAD : 1)) {
      const chunk = this.takeMemory(this.#lengthAt(this.#nextRequest));
      const answer = readChunk(lease.client, handle, this.#nextRequest, chunk);
      // A failure is told when it is this one's turn.
      answer.catch(() => undefined);
      this.#underWay.push(answer);
      this.#nextRequest += this.#lengthAt(this.#nextRequest);
    }
  }

  #lengthAt(position: number): number {
    const left = this.#file.size - position;
    return left > 0 ? Math.min(CHUNK_BYTES, left) : CHUNK_BYTES;
  }

  #accept(chunk: Buffer): Buffer | null {
    const expected = this.#lengthAt(this.#position);
    this.#position += chunk.length;
    this.#resumptions = 0;
    if (chunk.length < expected && this.#position < this.#file.size) throw shortened();
    // A file that grows may end anywhere: what was asked for behind that end is asked for again.
    if (chunk.length < expected) this.#startOver();
    return chunk.length === 0 ? null : chunk;
  }

  #startOver(): void {
    this.#underWay = [];
    this.#nextRequest = this.#position;
  }

  /** Goes on over another connection, or throws. */
  async #resume(error: unknown): Promise<void> {
    if (!isLost(error) || this.destroyed || this.#resumptions++ >= MOST_RESUMPTIONS) throw error;
    this.#file.lease.release();
    const file = await openLeased(this.#pool, this.#path);
    const { size, mtime } = this.#file;
    this.#file = file;
    if (file.size !== size || file.mtime !== mtime) throw changed(error);
    this.#startOver();
    if (this.destroyed) await closeFile(file);
  }
}

async function openLeased(pool: SftpPool, path: string): Promise<LeasedFile> {
  const lease = await pool.take();
  try {
    return { lease, ...(await openFile(lease.client, path)) };
  } catch (error) {
    lease.release();
    throw error;
  }
}

async function closeFile({ lease, handle }: LeasedFile): Promise<void> {
  // The server closes what is open on a connection that was lost.
  await lease.client.close(handle).catch(() => undefined);
  lease.release();
}

/** Fills a chunk, by several requests at once; gives less of it only at the end of the file. */
async function readChunk(
  client: SftpClient,
  handle: Handle,
  position: number,
  chunk: Buffer,
): Promise<Buffer> {
  const { length } = chunk;
  const pieceBytes = Math.min(client.mostBytesRead, length);
  const pieces: Promise<number>[] = [];
  client.together(() => {
    for (let start = 0; start < length; start += pieceBytes) {
      pieces.push(fill(client, handle, chunk.subarray(start, start + pieceBytes), position + start));
    }
  });
  const filled = await Promise.all(pieces);
  const end = filled.findIndex((bytes, index) => bytes < Math.min(pieceBytes, length - index * pieceBytes));
  return end === -1 ? chunk : chunk.subarray(0, end * pieceBytes + (filled[end] as number));
}

/** Fills a piece up to the end of the file: a server may answer with less than was asked for. */
async function fill(client: SftpClient, handle: Handle, piece: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < piece.length) {
    const bytes = await client.read(handle, piece.subarray(filled), position + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return filled;
}

function shortened(): SftpFailure {
  return new SftpFailure("the file became shorter while it was read", {
    code: "TARGET_CONFLICT",
    cure: "Something writes to it in place: wait for that to end.",
  });
}

function changed(lost: unknown): SftpFailure {
  const reason = `${(lost as Error).message}, and the file has changed since`;
  // Reading from the start gives the new file.
  return new SftpFailure(
    reason,
    { code: "TARGET_UNAVAILABLE", cure: "Read it again.", retryable: true },
    lost,
  );
}
