import { channel } from "node:diagnostics_channel";

/** How far the writing of a file is. */
export interface TransferProgress {
  /** Tells transfers of this process apart. */
  readonly id: number;
  /** What is copied; absent when the content comes from the program. */
  readonly from?: string;
  readonly to: string;
  /** Bytes that the store has taken, counted as they are stored. */
  readonly bytes: number;
  /** Bytes in all; `undefined` while that is not known. */
  readonly totalBytes: number | undefined;
  /** `done` and `failed` come once, at the end. */
  readonly state: "running" | "done" | "failed";
}

export type TransferListener = (progress: TransferProgress) => void;

/** Where a file comes from and goes to. */
export type TransferRoute = Pick<TransferProgress, "from" | "to" | "totalBytes">;

/** Node's own way to tell of what happens in a process: it costs nothing while nobody listens, and copies of core share it. */
const transfers = channel("leat:transfer");

let lastId = 0;

/**
 * Hears of every file that a target of this process writes or copies: when it begins, after each piece, and when it has
 * ended. The result takes the listener away again.
 */
export function onTransfer(listener: TransferListener): () => void {
  const hear = (message: unknown): void => listener(message as TransferProgress);
  transfers.subscribe(hear);
  return () => transfers.unsubscribe(hear);
}

/** Whether anybody wants to know of a transfer. */
export function isTransferHeard(listener: TransferListener | undefined): boolean {
  return listener !== undefined || transfers.hasSubscribers;
}

/** Tells of one transfer. */
export class FileTransfer {
  readonly #listener: TransferListener | undefined;
  #progress: TransferProgress;

  /** Tells that the transfer begins. */
  constructor(route: TransferRoute, listener: TransferListener | undefined) {
    this.#listener = listener;
    this.#progress = { id: ++lastId, ...route, bytes: 0, state: "running" };
    this.#tell();
  }

  /** The store has taken so many bytes more. */
  advance(bytes: number): void {
    this.#progress = { ...this.#progress, bytes: this.#progress.bytes + bytes };
    this.#tell();
  }

  end(state: "done" | "failed"): void {
    if (this.#progress.state !== "running") return;
    const { bytes, totalBytes } = this.#progress;
    this.#progress = { ...this.#progress, state, totalBytes: state === "done" ? bytes : totalBytes };
    this.#tell();
  }

  #tell(): void {
    this.#listener?.(this.#progress);
    transfers.publish(this.#progress);
  }
}

/** Begins to tell of a transfer; `undefined` when nobody wants to know. */
export function transferFor(
  route: TransferRoute,
  listener: TransferListener | undefined,
): FileTransfer | undefined {
  return isTransferHeard(listener) ? new FileTransfer(route, listener) : undefined;
}
