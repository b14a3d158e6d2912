import { once } from "node:events";
import net from "node:net";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat-internal/dev-servers";

type Faults = Parameters<TcpFaultProxy["setFaults"]>[0];

/**
 * Stands before a server without TLS and sends the data connections through fault proxies too: it puts their ports into the
 * replies to EPSV.
 */
export class FtpFaultProxy {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #dataProxies: TcpFaultProxy[] = [];
  #faults: readonly Faults[] = [];
  /** Lines of the server that are left out, so that it looks like one that can do less. */
  readonly hidden: RegExp | undefined;

  private constructor(target: { readonly host: string; readonly port: number }, hidden: RegExp | undefined) {
    this.hidden = hidden;
    this.#server = net.createServer((client) => this.#accept(client, net.connect(target)));
  }

  static async start(
    target: { readonly host: string; readonly port: number },
    hidden?: RegExp,
  ): Promise<FtpFaultProxy> {
    const proxy = new FtpFaultProxy(target, hidden);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  get openConnections(): number {
    return this.#sockets.size / 2;
  }

  /** The data connections to come have these faults, one after another; those after them none. */
  breakNext(...faults: readonly Faults[]): void {
    this.#faults = faults;
  }

  /** Changes the data connections that are open. */
  breakOpen(faults: Faults): void {
    for (const proxy of this.#dataProxies) proxy.setFaults(faults);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    for (const proxy of this.#dataProxies) proxy.close();
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
        if (this.hidden?.test(line) !== true) client.write(`${await this.#rewritten(line)}\r\n`, "latin1");
      }
    }
    client.end();
  }

  async #rewritten(line: string): Promise<string> {
    const port = /^229 .*\(\|\|\|(\d+)\|\)/.exec(line)?.[1];
    if (port === undefined) return line;
    const [faults = {}, ...later] = this.#faults;
    this.#faults = later;
    const proxy = await startTcpFaultProxy({ port: Number(port) }, faults);
    this.#dataProxies.push(proxy);
    return line.replace(port, String(proxy.port));
  }
}
