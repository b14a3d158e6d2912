import { type EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import type net from "node:net";
import { Transform } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { CutKind, Direction, TcpFaults } from "./tcp-faults.ts";

/** Chunks (of at most 64 KiB each) that one direction of a connection may have on the way, as a network holds them. */
const MAX_CHUNKS_ON_THE_WAY = 64;

/** With a bandwidth limit, bytes go out in pieces that take this long. */
const PIECE_MS = 20;

/** How long a cut waits for the receiver to read what comes before it. */
const MAX_UNREAD_MS = 1_000;

/** The same where the system does not tell what has been read. */
const BLIND_WAIT_MS = 100;

/** What a connection asks its proxy. */
export interface FaultSource {
  readonly faults: () => TcpFaults;
  /** Emits "change" when the faults are others. */
  readonly changes: EventEmitter;
  /** Counts one cut, and tells whether it may take place. */
  readonly takeCut: () => boolean;
}

/** A client's connection to the proxy with the proxy's to the server. */
export class Connection {
  readonly closed: Promise<unknown>;
  readonly #sockets: Readonly<Record<Direction, net.Socket>>;

  /** The keys of `#sockets` are where the bytes go: upstream to the server, downstream to the client. */
  constructor(client: net.Socket, server: net.Socket, source: FaultSource) {
    this.#sockets = { upstream: server, downstream: client };
    this.closed = Promise.all([closing(client), closing(server)]);
    const cut = (kind: CutKind) => {
      this.cut(kind);
    };
    void new Lane("upstream", client, server, source, cut).run();
    void new Lane("downstream", server, client, source, cut).run();
  }

  cut(kind: CutKind): void {
    for (const socket of Object.values(this.#sockets)) {
      if (kind === "end") socket.end();
      else reset(socket);
    }
  }

  halfClose(direction: Direction): void {
    this.#sockets[direction].end();
  }
}

interface Arrival {
  readonly chunk: Buffer;
  /** Monotonic time in milliseconds. */
  readonly at: number;
}

/** One direction of one connection. */
class Lane {
  readonly #direction: Direction;
  readonly #from: net.Socket;
  readonly #to: net.Socket;
  readonly #source: FaultSource;
  readonly #cut: (kind: CutKind) => void;
  readonly #abort = new AbortController();
  #forwarded = 0;

  constructor(
    direction: Direction,
    from: net.Socket,
    to: net.Socket,
    source: FaultSource,
    cut: (kind: CutKind) => void,
  ) {
    this.#direction = direction;
    this.#from = from;
    this.#to = to;
    this.#source = source;
    this.#cut = cut;
  }

  /** Forwards until either end has gone. Never rejects. */
  async run(): Promise<void> {
    const restart = () => {
      this.#forwarded = 0;
    };
    this.#source.changes.on("change", restart);
    this.#to.once("close", () => {
      this.#abort.abort();
    });
    try {
      for await (const arrival of arrivals(this.#from)) await this.#deliver(arrival);
      await this.#leaveBlackHole();
      this.#to.end();
    } catch {
      // The sender was cut off, which its receiver has to see, or the receiver was, which ended the waiting here.
      reset(this.#to);
      reset(this.#from);
    } finally {
      this.#source.changes.off("change", restart);
    }
  }

  async #deliver({ chunk, at }: Arrival): Promise<void> {
    const { latencyMs = 0, bytesPerSecond } = this.#source.faults();
    await this.#pause(at + latencyMs - performance.now());
    if (bytesPerSecond === undefined) return this.#forward(chunk);
    const size = Math.ceil((bytesPerSecond * PIECE_MS) / 1000);
    for (let start = 0; start < chunk.length; start += size) {
      const piece = chunk.subarray(start, start + size);
      await this.#pause((piece.length / bytesPerSecond) * 1000);
      await this.#forward(piece);
    }
  }

  async #forward(bytes: Buffer): Promise<void> {
    await this.#leaveBlackHole();
    const { cut } = this.#source.faults();
    const left = cut?.direction === this.#direction ? cut.afterBytes - this.#forwarded : Infinity;
    if (bytes.length < left || !this.#source.takeCut()) return this.#write(bytes);
    await this.#write(bytes.subarray(0, left));
    await untilRead(this.#to);
    this.#cut(cut?.kind ?? "reset");
  }

  async #write(bytes: Buffer): Promise<void> {
    // After a half close, or a cut with FIN, the rest of the stream goes nowhere.
    if (this.#to.writableEnded) return;
    this.#forwarded += bytes.length;
    // The callback comes when the system has taken the bytes, so a slow receiver slows the sender.
    await new Promise<void>((resolve, reject) => {
      this.#to.write(bytes, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  async #leaveBlackHole(): Promise<void> {
    const { signal } = this.#abort;
    for (;;) {
      const { blackHole } = this.#source.faults();
      if (blackHole !== "both" && blackHole !== this.#direction) return;
      await once(this.#source.changes, "change", { signal });
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: this.#abort.signal });
  }
}

/** What a socket receives, with the time; reads ahead of its consumer, and fails when the socket does. */
function arrivals(socket: net.Socket): AsyncIterable<Arrival> {
  const stamped = new Transform({
    readableObjectMode: true,
    readableHighWaterMark: MAX_CHUNKS_ON_THE_WAY,
    transform(chunk: Buffer, _encoding, done) {
      done(null, { chunk, at: performance.now() } satisfies Arrival);
    },
  });
  socket.once("close", () => {
    if (!socket.readableEnded) stamped.destroy(new Error("The connection was cut"));
  });
  return socket.pipe(stamped);
}

/**
 * Waits until the peer's program has read all that was written. A RST overtakes what is still in the buffers of the two
 * kernels; and when it arrives together with bytes, libuv tells its program of an orderly end instead.
 */
async function untilRead(socket: net.Socket): Promise<void> {
  if (process.platform !== "linux") await sleep(BLIND_WAIT_MS);
  const deadline = performance.now() + MAX_UNREAD_MS;
  while (performance.now() < deadline && (await unreadBytes(socket)) > 0) await sleep(2);
}

/** Bytes in the buffers between a socket and a peer on this machine, from Linux's tables of TCP sockets. */
async function unreadBytes({ localPort, remotePort }: net.Socket): Promise<number> {
  const tables = (await readTable("/proc/net/tcp")) + (await readTable("/proc/net/tcp6"));
  let bytes = 0;
  for (const line of tables.split("\n")) {
    // https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html: all numbers but the first are hexadecimal.
    const match = /^\s*\d+: \w+:(\w+) \w+:(\w+) \w+ (\w+):(\w+)/.exec(line);
    if (match === null) continue;
    const [from, to, sent, received] = match.slice(1).map((digits) => Number.parseInt(digits, 16));
    if (from === localPort && to === remotePort) bytes += sent ?? 0;
    if (from === remotePort && to === localPort) bytes += received ?? 0;
  }
  return bytes;
}

/** Empty where there is no such table: without IPv6, and on other systems than Linux. */
function readTable(file: string): Promise<string> {
  return readFile(file, "latin1").catch(() => "");
}

function closing(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    // An error is always followed by "close", and here only that matters.
    socket.on("error", () => {});
    socket.once("close", () => {
      resolve();
    });
  });
}

function reset(socket: net.Socket): void {
  // A socket that is not connected yet has nobody to reset.
  if (socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}
