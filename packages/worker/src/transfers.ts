import { type EventBus, onTransfer, type TransferListener } from "@leat/core";

const INTERVAL_MS = 100;

/** Hears of the transfers of this process: of each ten times a second at most, and always of its end. The result ends it. */
export function followTransfers(listener: TransferListener): () => void {
  const toldAt = new Map<number, number>();
  return onTransfer((progress) => {
    const { id, state } = progress;
    if (state !== "running") toldAt.delete(id);
    else if (performance.now() - (toldAt.get(id) ?? -Infinity) < INTERVAL_MS) return;
    else toldAt.set(id, performance.now());
    listener(progress);
  });
}

/** Hears of a transfer of a process. */
export type ProcessTransferListener = (process: number, ...args: Parameters<TransferListener>) => void;

/** Tells those who listen to a run of transfers; `undefined` when nobody does: then nobody is to be bothered with them. */
export function transferTeller(events: EventBus): ProcessTransferListener | undefined {
  if (!events.hears("transfer:progress")) return undefined;
  return (process, progress) => events.emit("transfer:progress", { process, progress });
}
