import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

/** Reads the whole body as text. Throws 413 when it is longer than `maxBytes`, 400 when it is not UTF-8. */
export async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes * PATIENCE) throw tooLarge(maxBytes);
  return decode(await readBytes(request, maxBytes));
}

/** A body that is this many times as long as it may be is not read to its end. */
const PATIENCE = 2;

/** By events: a loop over the request costs several times as much, and nearly all bodies are one piece. */
function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("error", reject);
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      // A connection that is closed while its sender still sends breaks before the answer is read, so much is read in vain.
      if (bytes <= maxBytes * PATIENCE) return;
      request.pause();
      reject(tooLarge(maxBytes));
    });
    request.on("end", () => {
      if (bytes > maxBytes) reject(tooLarge(maxBytes));
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
  });
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new HttpError(400, "INVALID_BODY", "The body is not UTF-8.");
  }
}

/** Throws 415 for another content type than `application/json`, 400 for a body that is not JSON. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new HttpError(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.");
  }
  return parseJson(await readText(request, maxBytes));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, "INVALID_BODY", `The body is not JSON: ${(error as Error).message}`);
  }
}

function tooLarge(maxBytes: number): HttpError {
  const message = `The body is longer than ${maxBytes} bytes. Send fewer tasks at a time, or raise --max-body-mib.`;
  return new HttpError(413, "BODY_TOO_LARGE", message, { connection: "close" });
}
