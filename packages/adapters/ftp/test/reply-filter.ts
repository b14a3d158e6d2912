import { once } from "node:events";
import net from "node:net";

/** Gives what becomes of a line of a reply; `undefined` leaves it out. */
export type LineFilter = (line: string) => string | undefined;

/** Stands before the control connections of a server and changes lines of its replies: so it looks like one that can do less. */
export class ReplyFilter {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #change: LineFilter;

  private constructor(port: number, change: LineFilter) {
    this.#change = change;
    this.#server = net.createServer((client) => this.#accept(client, net.connect(port, "127.0.0.1")));
  }

  static async start(port: number, change: LineFilter): Promise<ReplyFilter> {
    const filter = new ReplyFilter(port, change);
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
      for (const line of lines) {
        const changed = this.#change(line);
        if (changed !== undefined) client.write(`${changed}\r\n`, "latin1");
      }
    }
    client.end();
  }
}
