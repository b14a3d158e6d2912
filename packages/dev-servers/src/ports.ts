import { randomInt } from "node:crypto";
import net from "node:net";
import { ServerError } from "./server-process.ts";

export const LOCALHOST = "127.0.0.1";

const LOWEST_PORT = 10_000;
/** Of Linux: https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html, ip_local_port_range. */
const FIRST_CLIENT_PORT = 32_768;

/** In the words of PostgreSQL, MariaDB, Redis, OpenSSH, Ceph and others. */
const PORT_TAKEN = /address already in use|could not bind|cannot bind|failed to bind/i;

/** A TCP port of 127.0.0.1 that was free a moment ago. Another process can still take it first. */
export async function freePort(): Promise<number> {
  const server = await listen(0);
  const { port } = server.address() as net.AddressInfo;
  await close(server);
  return port;
}

/** The first of `count` ports in a row that were free a moment ago, below those that the system gives to clients. */
export async function freePortRun(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(LOWEST_PORT, FIRST_CLIENT_PORT - count);
    const opened = await Promise.allSettled(
      Array.from({ length: count }, (_, index) => listen(first + index)),
    );
    await Promise.all(opened.flatMap((one) => (one.status === "fulfilled" ? [close(one.value)] : [])));
    if (opened.every(({ status }) => status === "fulfilled")) return first;
  }
}

/**
 * Calls `start` with `port`, or with a free one when that is undefined: then with another one, twice at most, when it
 * throws a ServerError because something else took the port first.
 */
export async function onPort<T>(port: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(port ?? (await freePort()));
    } catch (error) {
      const taken = error instanceof ServerError && PORT_TAKEN.test(error.output);
      if (!taken || port !== undefined || attempt === 3) throw error;
    }
  }
}

function listen(port: number): Promise<net.Server> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(port, LOCALHOST, () => {
      resolve(server);
    });
  });
}

function close(server: net.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
