import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Batch, onBatch } from "./live.ts";

export interface Loaded<T> {
  /** What was read last; kept while it is read anew. */
  readonly data: T | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/**
 * Reads something from leatd when `key` changes and when `reload` is called. An answer that comes after a newer
 * question is thrown away.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
    data: undefined,
    error: undefined,
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
  const loader = useRef(load);
  loader.current = load;
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    loader.current(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ data, error: undefined, isLoading: false }),
      (error: Error) => !abort.signal.aborted && setState(({ data }) => ({ data, error, isLoading: false })),
    );
    return () => abort.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  return { ...state, reload };
}

/** Least time between two reloads that events cause. */
const RELOAD_PAUSE_MS = 1000;

/** Calls `reload` soon after events that matter, and when events were missed; never more than once a second. */
export function useReload(matters: (batch: Batch) => boolean, reload: () => void): void {
  const latest = useRef({ matters, reload });
  latest.current = { matters, reload };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = -RELOAD_PAUSE_MS;
    const plan = () => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          last = performance.now();
          latest.current.reload();
        },
        Math.max(0, last + RELOAD_PAUSE_MS - performance.now()),
      );
    };
    const leave = onBatch((batch) => (batch.isReset || latest.current.matters(batch)) && plan());
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, []);
}

/** Calls `reload` in steady steps while `isWanted`, for what no event tells of. */
export function usePolling(isWanted: boolean, everyMs: number, reload: () => void): void {
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setInterval(() => !document.hidden && reload(), everyMs);
    return () => clearInterval(timer);
  }, [isWanted, everyMs, reload]);
}
