import { connect, type Socket } from "node:net";

/** Most bytes taken from the system at a time. */
const READ_BYTES = 256 * 1024;

/**
 * Memory that is read into, round and round. ssh2 keeps parts of a packet until it has all of it: at most the 35,000 bytes of
 * one of SSH and the 256 KiB of one of SFTP, which are written over half this memory later at the earliest.
 */
const MEMORY_BYTES = 4 * READ_BYTES;

/** A connection whose incoming bytes can be read into memory that is used again. */
export class SftpSocket {
  readonly socket: Socket;
  readonly #memory = Buffer.allocUnsafeSlow(MEMORY_BYTES);
  #position = 0;
  #isReused = false;

  /** Connects; the socket tells what comes of it. */
  constructor(host: string, port: number) {
    const onread = { buffer: () => this.#nextMemory(), callback: (bytes: number) => this.#pass(bytes) };
    this.socket = connect({ host, port, noDelay: true, onread });
  }

  /**
   * From now on memory is used again, without which a download makes as much garbage as it has bytes. While a session is
   * negotiated ssh2 keeps what it was given, such as the server's key; later it copies all but handles, for which
   * `SftpClient` does it.
   */
  reuseMemory(): void {
    this.#isReused = true;
  }

  #nextMemory(): Buffer {
    if (this.#position + READ_BYTES > MEMORY_BYTES) this.#position = 0;
    return this.#memory.subarray(this.#position, this.#position + READ_BYTES);
  }

  /** Hands on what was read: a socket that reads into given memory leaves that to its owner. */
  #pass(bytes: number): boolean {
    const read = this.#memory.subarray(this.#position, this.#position + bytes);
    this.#position += bytes;
    this.socket.emit("data", this.#isReused ? read : Buffer.from(read));
    return true;
  }
}
