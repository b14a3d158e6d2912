import type { IncomingMessage } from "node:http";
import type { Endpoint } from "./endpoint.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** From `Retry-After`, if it was given in seconds. */
  readonly retryAfterMs: number | undefined;
  /** The time that the scheduler's clock shows, in milliseconds since the Unix epoch, where it says so. */
  readonly timeMs: number | undefined;
}

/** A connection that had been idle was closed by the other side before it took this request. */
export class StaleConnection extends Error {
  override readonly name = "StaleConnection";
}

/** Sends one POST and reads the answer, whatever its status. Rejects with what the network said. */
export function post(
  endpoint: Endpoint,
  path: string,
  body: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const { agent, place, basePath } = endpoint;
  const headers = {
    ...endpoint.headers,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const call = endpoint.request({ ...place, agent, headers, method: "POST", path: basePath + path });
    const abort = () => call.destroy(signal?.reason as Error);
    const timer = setTimeout(() => call.destroy(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    call.on("response", (response) => {
      read(response).then(resolve, reject).finally(settle);
    });
    call.on("error", (error: NodeJS.ErrnoException) => {
      settle();
      const isStale = call.reusedSocket && error.code === "ECONNRESET";
      reject(isStale ? new StaleConnection(error.message, { cause: error }) : error);
    });
    signal?.addEventListener("abort", abort);
    call.end(body);
  });
}

async function read(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const seconds = Number(response.headers["retry-after"]);
  const time = Number(response.headers["leat-time"]);
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString("utf8"),
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    timeMs: Number.isFinite(time) ? time : undefined,
  };
}
