import { startTcpFaultProxy, type TcpFaultProxy, type TcpFaults } from "@leat/testkit";

export interface ProxiedServer {
  readonly port: number;
  /** First and last. */
  readonly passivePorts: readonly [number, number];
}

/** Addresses of this machine for which the servers of the tests have certificates. */
const HOSTS = [2, 3, 4, 5, 6, 7, 8, 9].map((last) => `127.0.0.${last}`);

/**
 * Stands before a server and lets its data connections fail, encrypted ones too. A server tells only the ports of these, so
 * the proxy listens on all of them, at another address.
 */
export class FtpFaultProxy {
  /** The connections for commands. */
  readonly control: TcpFaultProxy;
  /** The data connections. */
  readonly data: TcpFaultProxy;

  private constructor(control: TcpFaultProxy, data: TcpFaultProxy) {
    this.control = control;
    this.data = data;
  }

  static async start({ port, passivePorts: [first, last] }: ProxiedServer): Promise<FtpFaultProxy> {
    const ports = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const data = await startOnFreeHost(ports);
    return new FtpFaultProxy(await startTcpFaultProxy({ port }, {}, { host: data.host }), data);
  }

  get host(): string {
    return this.control.host;
  }

  get port(): number {
    return this.control.port;
  }

  get openConnections(): number {
    return this.control.openConnections + this.data.openConnections;
  }

  close(): void {
    this.control.close();
    this.data.close();
  }
}

/** On the first address where all ports are free: other tests run at the same time. */
async function startOnFreeHost(ports: readonly number[]): Promise<TcpFaultProxy> {
  const refusals: unknown[] = [];
  for (const host of HOSTS) {
    const noFaults: TcpFaults = {};
    try {
      return await startTcpFaultProxy({}, noFaults, { host, ports });
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new AggregateError(refusals, "No address is free for a proxy");
}
