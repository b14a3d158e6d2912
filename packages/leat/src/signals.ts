import { expectEnd } from "./ending.ts";

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof EXIT_CODES;

export interface Signals {
  /** Aborted by the first signal: begin nothing new. */
  readonly drain: AbortSignal;
  /** Aborted by the second signal: end what runs. */
  readonly end: AbortSignal;
  /** 128 + the number of the first signal that came; `undefined` when none did. */
  exitCode(): number | undefined;
  close(): void;
}

/** The first SIGINT or SIGTERM drains a run, the second ends it, the third ends the process. */
export function listenToSignals(say: (message: string) => void): Signals {
  const drain = new AbortController();
  const end = new AbortController();
  let received: Signal | undefined;
  const listener = (signal: Signal): void => {
    received ??= signal;
    if (end.signal.aborted) {
      expectEnd();
      process.exit(EXIT_CODES[received]);
    } else if (drain.signal.aborted) {
      say(`${signal} again: ending what runs.`);
      end.abort();
    } else {
      say(`${signal}: no new tasks begin, running ones are waited for. Send it again to end them.`);
      drain.abort();
    }
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    drain: drain.signal,
    end: end.signal,
    exitCode: () => received && EXIT_CODES[received],
    close() {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    },
  };
}
