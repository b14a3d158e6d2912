import type { Readable, Writable } from "node:stream";

/** Lets a signal end a stream for as long as that is open: it is destroyed with the reason of the signal. */
export function destroyOnAbort<S extends Readable | Writable>(stream: S, signal: AbortSignal | undefined): S {
  if (signal === undefined) return stream;
  const abort = (): void => void stream.destroy(signal.reason as Error);
  if (signal.aborted) abort();
  else {
    signal.addEventListener("abort", abort, { once: true });
    stream.once("close", () => signal.removeEventListener("abort", abort));
  }
  return stream;
}
