import { once } from "node:events";
import net from "node:net";

/**
 * The length in bytes of the message with which `bytes` begin, the `index`-th that a client sends on its connection, from 0.
 * `undefined` when that takes more bytes to tell.
 */
export type MessageLength = (bytes: Buffer, index: number) => number | undefined;

/** Where a connection stops: in the n-th message of the client, from 1, of which a share from 0 to 1 was sent. */
export interface StopPoint {
  readonly message: number;
  readonly sent: number;
}

const LOCALHOST = "127.0.0.1";

/**
 * A proxy on localhost that knows where the messages of a client begin, and stops at one of them: nothing passes from then on,
 * in either direction, until it goes on. Only the first connection stops.
 */
export class MessageProxy {
  /** Messages that the first connection has sent whole. */
  messages = 0;
  /** Resolves when the connection has come to its point. */
  readonly stopped: Promise<void>;
  readonly #server: net.Server;
  readonly #target: number;
  readonly #lengthOf: MessageLength;
  readonly #stop: StopPoint | undefined;
  readonly #sockets = new Set<net.Socket>();
  #hasClient = false;
  #isStopped = false;
  /** The rest of the message in which it stopped. */
  #unsent: Buffer = Buffer.alloc(0);
  #tellStopped: () => void = () => {};
  /** Sends what was held back. */
  #release: () => void = () => {};

  /** @param target port of the server on localhost */
  static async start(target: number, lengthOf: MessageLength, stop?: StopPoint): Promise<MessageProxy> {
    const proxy = new MessageProxy(target, lengthOf, stop);
    proxy.#server.listen(0, LOCALHOST);
    await once(proxy.#server, "listening");
    return proxy;
  }

  private constructor(target: number, lengthOf: MessageLength, stop: StopPoint | undefined) {
    this.#target = target;
    this.#lengthOf = lengthOf;
    this.#stop = stop;
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    this.#server = net.createServer({ noDelay: true }, (client) => this.#connect(client));
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Lets all pass again, what was held back first. */
  resume(): void {
    this.#isStopped = false;
    this.#release();
  }

  /** Cuts all connections. New ones pass without a stop. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #connect(client: net.Socket): void {
    const server = net.connect({ port: this.#target, host: LOCALHOST, noDelay: true });
    const isFirst = !this.#hasClient;
    this.#hasClient = true;
    this.#join(client, server);
    this.#join(server, client);
    if (!isFirst) {
      client.pipe(server);
      server.pipe(client);
      return;
    }
    let pending: Buffer = Buffer.alloc(0);
    const held: Buffer[] = [];
    client.on("data", (chunk: Buffer) => {
      pending = this.#forward(Buffer.concat([pending, chunk]), server);
    });
    server.on("data", (chunk: Buffer) => {
      if (this.#isStopped) held.push(chunk);
      else client.write(chunk);
    });
    this.#release = () => {
      for (const chunk of held.splice(0)) client.write(chunk);
      server.write(this.#unsent);
      pending = this.#forward(pending, server);
    };
  }

  /** When one side ends, however that is, the other one does. */
  #join(socket: net.Socket, other: net.Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }

  /** Sends whole messages on, and gives what is left. */
  #forward(bytes: Buffer, server: net.Socket): Buffer {
    let rest = bytes;
    while (!this.#isStopped) {
      const length = this.#lengthOf(rest, this.messages);
      if (length === undefined || rest.length < length) return rest;
      this.#send(rest.subarray(0, length), server);
      rest = rest.subarray(length);
    }
    return rest;
  }

  #send(message: Buffer, server: net.Socket): void {
    const isLast = ++this.messages === this.#stop?.message;
    const sent = isLast ? Math.floor(message.length * (this.#stop?.sent ?? 1)) : message.length;
    if (sent > 0) server.write(message.subarray(0, sent));
    if (!isLast) return;
    this.#unsent = message.subarray(sent);
    this.#isStopped = true;
    this.#tellStopped();
  }
}
