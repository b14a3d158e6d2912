import { EventEmitter, once } from "node:events";
import net from "node:net";
import { Connection } from "./tcp-fault-connection.ts";
import type { Cut, CutKind, Direction, TcpFaults } from "./tcp-faults.ts";

const LOCALHOST = "127.0.0.1";

export interface ProxyTarget {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default the port where the proxy was reached. */
  readonly port?: number;
}

/** Where a proxy listens. */
export interface ProxyAddress {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default a free one. */
  readonly ports?: readonly number[];
}

/** Starts a proxy that forwards to `target`, with the given faults. */
export async function startTcpFaultProxy(
  target: ProxyTarget,
  faults: TcpFaults = {},
  address: ProxyAddress = {},
): Promise<TcpFaultProxy> {
  const proxy = new TcpFaultProxy(target, faults, address);
  await proxy.acceptConnections();
  return proxy;
}

/** What a client behind a proxy needs to have its connections cut, one after another. */
export function cutsOf(proxy: TcpFaultProxy) {
  return {
    /** Cuts the first connection that carries so many bytes from now on. */
    cutNext: (cut: Cut) => proxy.setFaults({ cut: { ...cut, times: 1 } }),
    cuts: () => proxy.cuts,
    openConnections: () => proxy.openConnections,
  };
}

/** A TCP proxy that fails on request. Faults change at any time, for open connections too. */
export class TcpFaultProxy {
  readonly host: string;
  /** Connections accepted so far. */
  accepted = 0;
  /** Connections cut so far by the fault `cut`. */
  cuts = 0;
  readonly #target: ProxyTarget;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #connections = new Set<Connection>();
  #servers: net.Server[] = [];
  #ports: readonly number[];
  #faults: TcpFaults;
  #cutsLeft: number;

  /** @internal */
  constructor(target: ProxyTarget, faults: TcpFaults, { host = LOCALHOST, ports = [0] }: ProxyAddress) {
    this.#target = target;
    this.host = host;
    this.#ports = ports;
    this.#faults = faults;
    this.#cutsLeft = faults.cut?.times ?? Infinity;
  }

  /** The first, if there are several. Stays the same when the proxy refuses connections for a while. */
  get port(): number {
    return this.#ports[0] ?? 0;
  }

  get openConnections(): number {
    return this.#connections.size;
  }

  /** Replaces all faults; `{}` takes them away. */
  setFaults(faults: TcpFaults): void {
    this.#faults = faults;
    this.#cutsLeft = faults.cut?.times ?? Infinity;
    this.#changes.emit("change");
  }

  /** Cuts every open connection now, and gives their number. */
  cutAll(kind: CutKind = "reset"): number {
    const open = [...this.#connections];
    for (const connection of open) connection.cut(kind);
    return open.length;
  }

  /** Ends one direction of every open connection: its receiver sees the end of the stream and can still send. */
  halfClose(direction: Direction): void {
    for (const connection of this.#connections) connection.halfClose(direction);
  }

  /** Stops listening: new connections get ECONNREFUSED. Open ones stay. */
  refuseConnections(): void {
    for (const server of this.#servers) server.close();
    this.#servers = [];
  }

  /** Listens again, on the same ports. */
  async acceptConnections(): Promise<void> {
    if (this.#servers.length > 0) return;
    const listening = await Promise.allSettled(this.#ports.map((port) => this.#listen(port)));
    this.#servers = listening.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const failure = listening.find((one) => one.status === "rejected");
    if (failure !== undefined) {
      this.refuseConnections();
      throw failure.reason;
    }
    this.#ports = this.#servers.map((server) => (server.address() as net.AddressInfo).port);
  }

  /** Refuses new connections and resets the open ones. */
  close(): void {
    this.refuseConnections();
    this.cutAll("reset");
  }

  async #listen(port: number): Promise<net.Server> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#accept(client);
    });
    server.listen(port, this.host);
    await once(server, "listening");
    return server;
  }

  #accept(client: net.Socket): void {
    this.accepted += 1;
    const { host = LOCALHOST, port = client.localPort ?? 0 } = this.#target;
    const server = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    const connection = new Connection(client, server, {
      faults: () => this.#faults,
      changes: this.#changes,
      takeCut: () => this.#takeCut(),
    });
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
  }

  #takeCut(): boolean {
    if (this.#cutsLeft <= 0) return false;
    this.#cutsLeft -= 1;
    this.cuts += 1;
    return true;
  }
}
