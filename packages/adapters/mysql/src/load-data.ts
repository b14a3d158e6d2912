import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { ResultSetHeader } from "mysql2";
import type { Client } from "./client.ts";
import { socketOf } from "./mysql-pool.ts";

/** One chunk of the stream is one packet to the driver: larger ones are slower, and small ones cost more than their bytes. */
const PACKET_BYTES = 64 * 1024;

/**
 * Runs a `LOAD DATA LOCAL INFILE` with these bytes, whatever file the server asks for. When `chunks` fails, the error is that
 * of `chunks`, and the server has loaded what it had by then: roll back.
 *
 * @param translate makes what to throw of an error of the server or the connection
 */
export async function loadData(
  client: Client,
  sql: string,
  chunks: AsyncIterable<Uint8Array>,
  translate: (error: unknown) => unknown,
): Promise<ResultSetHeader> {
  let failure: { readonly reason: unknown } | undefined;
  const source = Readable.from(
    packets(chunks, (reason) => {
      failure = { reason };
    }),
    { objectMode: false, highWaterMark: PACKET_BYTES },
  );
  // The driver listens only once the server has asked for the file.
  source.on("error", () => {});
  const dropListeners = rememberListeners(socketOf(client.connection));
  try {
    return (await client.run({ sql, infileStreamFactory: () => source })) as ResultSetHeader;
  } catch (error) {
    throw failure === undefined ? translate(error) : failure.reason;
  } finally {
    source.destroy();
    dropListeners();
  }
}

/** The driver leaves its listeners of a stream that failed on the socket. The function that is given takes new ones away. */
function rememberListeners(socket: Socket): () => void {
  const events = ["pause", "drain"] as const;
  const known = new Set(events.flatMap((event) => socket.listeners(event)));
  return () => {
    for (const event of events) {
      const added = socket.listeners(event).filter((listener) => !known.has(listener));
      for (const listener of added) socket.off(event, listener as () => void);
    }
  };
}

/** Buffers of at most 64 KiB, none of them empty: an empty one would end the data. */
async function* packets(
  chunks: AsyncIterable<Uint8Array>,
  onFailure: (reason: unknown) => void,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PACKET_BYTES) {
        const { buffer, byteOffset, length } = chunk.subarray(at, at + PACKET_BYTES);
        yield Buffer.from(buffer, byteOffset, length);
      }
    }
  } catch (reason) {
    onFailure(reason);
    // Whatever was thrown: the stream takes nothing but an error for a failure.
    throw new Error("The source of the rows failed.", { cause: reason });
  }
}
