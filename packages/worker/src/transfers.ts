import { type EventBus, onTransfer, type TransferListener, type TransferProgress } from "@leat/core";
import { type Clock, systemClock } from "./clock.ts";

const INTERVAL_MS = 100;

/** A transfer that goes on. */
interface Followed {
  /** When it was told last. */
  readonly toldAt: number;
  /** What came since then, if anything did, and is told when the interval is over. */
  held?: TransferProgress | undefined;
  cancel: () => void;
}

/**
 * Hears of the transfers of this process: of each ten times a second at most, of the last that is known when it stalls, and always
 * of its end. The result ends it.
 */
export function followTransfers(listener: TransferListener, clock: Clock = systemClock): () => void {
  const follower = new TransferFollower(listener, clock);
  const unfollow = onTransfer((progress) => follower.hear(progress));
  return () => {
    unfollow();
    follower.close();
  };
}

class TransferFollower {
  readonly #listener: TransferListener;
  readonly #clock: Clock;
  readonly #followed = new Map<number, Followed>();

  constructor(listener: TransferListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
  }

  hear(progress: TransferProgress): void {
    const known = this.#followed.get(progress.id);
    if (progress.state !== "running") {
      known?.cancel();
      this.#followed.delete(progress.id);
      this.#listener(progress);
    } else if (known === undefined || this.#clock.now() - known.toldAt >= INTERVAL_MS) {
      this.#tell(progress);
    } else {
      this.#hold(known, progress);
    }
  }

  close(): void {
    for (const { cancel } of this.#followed.values()) cancel();
    this.#followed.clear();
  }

  #tell(progress: TransferProgress): void {
    this.#followed.get(progress.id)?.cancel();
    this.#followed.set(progress.id, { toldAt: this.#clock.now(), cancel: () => undefined });
    this.#listener(progress);
  }

  #hold(known: Followed, progress: TransferProgress): void {
    const isAlone = known.held === undefined;
    known.held = progress;
    if (!isAlone) return;
    known.cancel = this.#clock.schedule(known.toldAt + INTERVAL_MS, () =>
      this.#tell(known.held as TransferProgress),
    );
  }
}

/** Hears of a transfer of a process. */
export type ProcessTransferListener = (process: number, ...args: Parameters<TransferListener>) => void;

/** Tells those who listen to a run of transfers; `undefined` when nobody does: then nobody is to be bothered with them. */
export function transferTeller(events: EventBus): ProcessTransferListener | undefined {
  if (!events.hears("transfer:progress")) return undefined;
  return (process, progress) => events.emit("transfer:progress", { process, progress });
}
