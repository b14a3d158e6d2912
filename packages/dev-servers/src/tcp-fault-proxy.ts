import { EventEmitter, once } from "node:events";
import net from "node:net";
import { Connection } from "./tcp-fault-connection.ts";
import type { CutKind, Direction, TcpFaults } from "./tcp-faults.ts";

const LOCALHOST = "127.0.0.1";

/** Starts a proxy on a free port of 127.0.0.1 that forwards to `target`, with the given faults. */
export async function startTcpFaultProxy(
  target: { readonly host?: string; readonly port: number },
  faults: TcpFaults = {},
): Promise<TcpFaultProxy> {
  const proxy = new TcpFaultProxy({ host: target.host ?? LOCALHOST, port: target.port }, faults);
  await proxy.acceptConnections();
  return proxy;
}

/** A TCP proxy that fails on request. Faults change at any time, for open connections too. */
export class TcpFaultProxy {
  readonly host = LOCALHOST;
  /** Connections accepted so far. */
  accepted = 0;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #connections = new Set<Connection>();
  #server: net.Server | undefined;
  #port = 0;
  #faults: TcpFaults;
  #cutsLeft: number;

  /** @internal */
  constructor(target: { readonly host: string; readonly port: number }, faults: TcpFaults) {
    this.#target = target;
    this.#faults = faults;
    this.#cutsLeft = faults.cut?.times ?? Infinity;
  }

  /** Stays the same when the proxy refuses connections for a while. */
  get port(): number {
    return this.#port;
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
    this.#server?.close();
    this.#server = undefined;
  }

  /** Listens again, on the same port. */
  async acceptConnections(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#accept(client);
    });
    server.listen(this.#port, LOCALHOST);
    await once(server, "listening");
    this.#server = server;
    this.#port = (server.address() as net.AddressInfo).port;
  }

  /** Refuses new connections and resets the open ones. */
  close(): void {
    this.refuseConnections();
    this.cutAll("reset");
  }

  #accept(client: net.Socket): void {
    this.accepted += 1;
    const server = net.connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
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
    return true;
  }
}
