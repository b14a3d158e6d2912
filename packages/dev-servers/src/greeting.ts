import { once } from "node:events";
import net from "node:net";
import { LOCALHOST } from "./ports.ts";

const TIMEOUT_MS = 2_000;

/**
 * Sends `request` (default: nothing) to a server and gives the first that it says, within two seconds. Servers that
 * speak first do so when they accept connections, so this tells that they are ready.
 */
export async function readGreeting(
  port: number,
  request = "",
  connect: () => net.Socket = () => net.connect(port, LOCALHOST),
): Promise<Buffer> {
  const socket = connect();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  socket.write(request);
  try {
    const [greeting] = (await Promise.race([once(socket, "data", { signal }), closed(socket, port)])) as [
      Buffer,
    ];
    return greeting;
  } finally {
    socket.destroy();
  }
}

async function closed(socket: net.Socket, port: number): Promise<never> {
  await once(socket, "close");
  throw new Error(`The server on port ${port} closed the connection without a word`);
}
