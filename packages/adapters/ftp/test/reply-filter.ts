import { once } from "node:events";
import net from "node:net";

/** Stands before the control connections of a server and leaves out lines of its replies, so that it looks like one that can do less. */
export class ReplyFilter {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #hidden: RegExp;

  private constructor(port: number, hidden: RegExp) {
    this.#hidden = hidden;
    this.#server = net.createServer((client) => this.#accept(client, net.connect(port, "127.0.0.1")));
  }

  static async start(port: number, hidden: RegExp): Promise<ReplyFilter> {
    const filter = new ReplyFilter(port, hidden);
    filter.#server.listen(0, "127.0.0.1");
    await once(filter.#server, "listening");
    return filter;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: net.Socket, server: net.Socket): void {
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => (this.#sockets.delete(socket), other.destroy()));
    }
    client.pipe(server);
    void this.#forwardReplies(server, client).catch(() => client.destroy());
  }

  async #forwardReplies(server: net.Socket, client: net.Socket): Promise<void> {
    let rest = "";
    for await (const chunk of server.setEncoding("latin1")) {
      const lines = (rest + String(chunk)).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines.filter((line) => !this.#hidden.test(line))) {
        client.write(`${line}\r\n`, "latin1");
      }
    }
    client.end();
  }
}
