import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");
const NOTHING = Buffer.alloc(0);

/**
 * A connection that stays open, with one call under way at a time. It is made to take next to no time of the machine, and
 * knows no more of HTTP than its servers need: answers have a length, and are not compressed.
 */
export class RawConnection {
  readonly #socket: Socket;
  readonly #host: string;
  /** The first lines of a request, by its path. */
  readonly #heads = new Map<string, string>();
  #received: Buffer = NOTHING;
  #answer: { resolve(body: string): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => this.#answer?.reject(error));
    socket.on("close", () => this.#answer?.reject(new Error(`${host} closed the connection.`)));
  }

  static async open(url: string): Promise<RawConnection> {
    const { host, hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new RawConnection(socket, host);
  }

  /** Resolves to the body of the answer. Rejects when its status is not 200. */
  post(path: string, contentType: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      const head = this.#headOf(path, contentType);
      this.#socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.#answer = undefined;
    this.#socket.destroy();
  }

  #headOf(path: string, contentType: string): string {
    let head = this.#heads.get(path);
    if (head === undefined) {
      head = `POST ${path} HTTP/1.1\r\nhost: ${this.#host}\r\ncontent-type: ${contentType}\r\ncontent-length: `;
      this.#heads.set(path, head);
    }
    return head;
  }

  #receive(chunk: Buffer): void {
    const received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    this.#received = received;
    const headBytes = received.indexOf(HEAD_END);
    if (headBytes < 0) return;
    const head = received.toString("latin1", 0, headBytes);
    const start = headBytes + HEAD_END.length;
    const end = start + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (received.length < end) return;
    this.#received = NOTHING;
    this.#settle(head, received.toString("utf8", start, end));
  }

  #settle(head: string, body: string): void {
    const answer = this.#answer;
    this.#answer = undefined;
    if (head.startsWith("HTTP/1.1 200 ")) answer?.resolve(body);
    else answer?.reject(new Error(`${head.split("\r\n", 1)[0]}: ${body}`));
  }
}
