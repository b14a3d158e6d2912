import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTcpFaultProxy, type TcpFaultProxy } from "../src/tcp-fault-proxy.ts";
import type { TcpFaults } from "../src/tcp-faults.ts";

/** What one end of a connection saw. */
interface Seen {
  readonly socket: net.Socket;
  received: number;
  text: string;
  ended: boolean;
  error: string | undefined;
}

/** How `expect.poll` waits. */
const soon = { interval: 5, timeout: 60_000 };

let server: net.Server;
let proxy: TcpFaultProxy;
let serverEnds: Seen[];
let clients: Seen[];

function watch(socket: net.Socket): Seen {
  const seen: Seen = { socket, received: 0, text: "", ended: false, error: undefined };
  socket.on("data", (chunk) => {
    seen.received += chunk.length;
    if (seen.received < 1000) seen.text += chunk.toString();
  });
  socket.once("end", () => (seen.ended = true));
  socket.once("error", (error: NodeJS.ErrnoException) => (seen.error = error.code));
  return seen;
}

beforeEach(async () => {
  serverEnds = [];
  clients = [];
  server = net.createServer({ allowHalfOpen: true }, (socket) => serverEnds.push(watch(socket)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await startTcpFaultProxy({ port: (server.address() as net.AddressInfo).port });
});

afterEach(() => {
  proxy.close();
  for (const { socket } of [...clients, ...serverEnds]) socket.destroy();
  server.close();
});

/** Both ends of a new connection through the proxy. */
async function connect(): Promise<{ client: Seen; upstream: Seen }> {
  const count = serverEnds.length;
  const socket = net.connect({ port: proxy.port, host: proxy.host, allowHalfOpen: true });
  const client = watch(socket);
  clients.push(client);
  await expect.poll(() => serverEnds.length, soon).toBe(count + 1);
  const upstream = serverEnds.at(-1);
  if (upstream === undefined) throw new Error("The server has accepted no connection");
  return { client, upstream };
}

async function connectWith(faults: TcpFaults) {
  proxy.setFaults(faults);
  return connect();
}

describe("without faults", () => {
  it("forwards both ways and passes the end on, one direction at a time", async () => {
    const { client, upstream } = await connect();
    client.socket.end(Buffer.alloc(3_000_000));
    await expect.poll(() => upstream.ended, soon).toBe(true);
    expect(upstream.received).toBe(3_000_000);
    upstream.socket.end("answer");
    await expect.poll(() => client.ended, soon).toBe(true);
    expect(client.text).toBe("answer");
    await expect.poll(() => proxy.openConnections, soon).toBe(0);
    expect([client.error, upstream.error, proxy.accepted]).toEqual([undefined, undefined, 1]);
  });

  it("passes a reset on", async () => {
    const { client, upstream } = await connect();
    client.socket.resetAndDestroy();
    await expect.poll(() => upstream.error, soon).toBe("ECONNRESET");
  });

  it("cuts the client off when the server is not there", async () => {
    server.close();
    const client = watch(net.connect({ port: proxy.port, host: proxy.host }));
    clients.push(client);
    await expect.poll(() => client.error, soon).toBe("ECONNRESET");
  });
});

describe("a cut", () => {
  it.each([1, 65_536, 1_000_000])("with RST comes after exactly %i bytes upstream", async (afterBytes) => {
    const { client, upstream } = await connectWith({ cut: { direction: "upstream", afterBytes } });
    client.socket.write(Buffer.alloc(2_000_000));
    await expect.poll(() => upstream.error, soon).toBe("ECONNRESET");
    await expect.poll(() => client.error, soon).toMatch(/ECONNRESET|EPIPE/);
    expect(upstream.received).toBe(afterBytes);
  });

  it("with FIN comes after exactly so many bytes downstream", async () => {
    const { client, upstream } = await connectWith({
      cut: { direction: "downstream", afterBytes: 100_000, kind: "end" },
    });
    upstream.socket.write(Buffer.alloc(2_000_000));
    await expect.poll(() => client.ended, soon).toBe(true);
    await expect.poll(() => upstream.ended, soon).toBe(true);
    expect([client.received, client.error, upstream.error]).toEqual([100_000, undefined, undefined]);
  });

  it("counts from when the fault was set, and each connection for itself", async () => {
    const { client, upstream } = await connect();
    client.socket.write(Buffer.alloc(5000));
    await expect.poll(() => upstream.received, soon).toBe(5000);
    proxy.setFaults({ cut: { direction: "upstream", afterBytes: 7000 } });
    client.socket.write(Buffer.alloc(50_000));
    await expect.poll(() => upstream.error, soon).toBe("ECONNRESET");
    expect(upstream.received).toBe(12_000);
    const second = await connect();
    second.client.socket.write(Buffer.alloc(6999));
    await expect.poll(() => second.upstream.received, soon).toBe(6999);
  });

  it("spares the connections after the given number", async () => {
    const first = await connectWith({ cut: { direction: "upstream", afterBytes: 0, times: 1 } });
    first.client.socket.write("x");
    await expect.poll(() => first.client.error, soon).toBe("ECONNRESET");
    expect(first.upstream.received).toBe(0);
    const second = await connect();
    second.client.socket.write("hello");
    await expect.poll(() => second.upstream.text, soon).toBe("hello");
  });

  it("of all connections takes place now", async () => {
    const ends = [await connect(), await connect()];
    expect(proxy.cutAll()).toBe(2);
    for (const { client, upstream } of ends) {
      await expect.poll(() => client.error, soon).toBe("ECONNRESET");
      await expect.poll(() => upstream.error, soon).toBe("ECONNRESET");
    }
    expect(proxy.cutAll()).toBe(0);
  });
});

describe("a black hole", () => {
  it("in one direction lets the other pass, and gives up what it held", async () => {
    const { client, upstream } = await connectWith({ blackHole: "downstream" });
    client.socket.write("question");
    await expect.poll(() => upstream.text, soon).toBe("question");
    upstream.socket.end("answer");
    // Nothing can be waited for here: that nothing comes is the fault.
    await sleep(50);
    expect([client.text, client.ended]).toEqual(["", false]);
    proxy.setFaults({});
    await expect.poll(() => client.ended, soon).toBe(true);
    expect(client.text).toBe("answer");
  });

  it("can be left by a cut", async () => {
    const { client } = await connectWith({ blackHole: "both" });
    client.socket.write("question");
    proxy.cutAll();
    await expect.poll(() => client.error, soon).toBe("ECONNRESET");
    await expect.poll(() => proxy.openConnections, soon).toBe(0);
  });
});

describe("latency and bandwidth", () => {
  it("delay each byte, without adding up over the chunks", async () => {
    const { client, upstream } = await connectWith({ latencyMs: 100 });
    client.socket.setNoDelay();
    for (let chunk = 1; chunk < 200; chunk += 1) {
      client.socket.write("0123456789");
      await sleep(1);
    }
    const last = performance.now();
    client.socket.write("0123456789");
    await expect.poll(() => upstream.received, soon).toBe(2000);
    expect(performance.now() - last).toBeGreaterThan(95);
    // Added up it would be 20 s. A busy machine is late by less.
    expect(performance.now() - last).toBeLessThan(10_000);
  });

  it("limit the rate of one large chunk", async () => {
    const { client, upstream } = await connectWith({ bytesPerSecond: 100_000 });
    const start = performance.now();
    client.socket.write(Buffer.alloc(30_000));
    await expect.poll(() => upstream.received, soon).toBe(30_000);
    expect(performance.now() - start).toBeGreaterThan(280);
  });
});

describe("connections", () => {
  it("are refused and accepted again on the same port, open ones stay", async () => {
    const { client, upstream } = await connect();
    const { port } = proxy;
    proxy.refuseConnections();
    const refused = watch(net.connect({ port, host: proxy.host }));
    clients.push(refused);
    await expect.poll(() => refused.error, soon).toBe("ECONNREFUSED");
    client.socket.write("still here");
    await expect.poll(() => upstream.text, soon).toBe("still here");
    await proxy.acceptConnections();
    expect(proxy.port).toBe(port);
    await connect();
  });

  it("are half closed: one side sees the end and can still send", async () => {
    const { client, upstream } = await connect();
    proxy.halfClose("upstream");
    await expect.poll(() => upstream.ended, soon).toBe(true);
    client.socket.write("lost");
    upstream.socket.write("answer");
    await expect.poll(() => client.text, soon).toBe("answer");
    expect([client.ended, upstream.text, proxy.openConnections]).toEqual([false, "", 1]);
  });
});
