import { UsageError } from "./errors.ts";

/**
 * One file being written. Nothing is seen under its path before `commit`; exactly one of `commit` and `abort` ends it. The
 * calls come one after another: `WRITER_BUSY` and `WRITER_ENDED` tell of a mistake in the order.
 */
export interface FileWriter {
  /**
   * Takes the next bytes; `chunk` may be used again afterwards. Resolves when the store is ready for more: waiting for it is
   * the back-pressure. After a rejection only `abort` is left.
   */
  write(chunk: Uint8Array): Promise<void>;
  /**
   * Publishes the file as a whole. When it rejects nothing is left behind, and nothing was published, with one exception:
   * after `TARGET_UNAVAILABLE` and `TARGET_TIMEOUT` the store may have published the file, whole, without telling.
   */
  commit(): Promise<void>;
  /** Drops what was written. Does nothing for a file that has ended; waits for a commit that is under way. */
  abort(): Promise<void>;
}

type State = "open" | "writing" | "committing" | "failed" | "ended";

/** Keeps the promises of a file writer about the order of calls, so that stores need not. */
export class CheckedWriter implements FileWriter {
  readonly #path: string;
  readonly #writer: FileWriter;
  readonly #signal: AbortSignal | undefined;
  #state: State = "open";
  #committing: Promise<void> | undefined;

  constructor(path: string, writer: FileWriter, signal: AbortSignal | undefined) {
    this.#path = path;
    this.#writer = writer;
    this.#signal = signal;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#begin("writing");
    try {
      this.#signal?.throwIfAborted();
      await this.#writer.write(chunk);
      this.#leave("open");
    } catch (error) {
      this.#leave("failed");
      throw error;
    }
  }

  async commit(): Promise<void> {
    this.#begin("committing");
    this.#committing = this.#publish();
    await this.#committing;
  }

  async abort(): Promise<void> {
    if (this.#state === "committing") await this.#committing?.catch(() => undefined);
    if (this.#state === "ended") return;
    this.#state = "ended";
    await this.#writer.abort();
  }

  async #publish(): Promise<void> {
    try {
      this.#signal?.throwIfAborted();
      await this.#writer.commit();
    } catch (error) {
      // The reason why it was not published says more than a second failure while cleaning up.
      await this.#writer.abort().catch(() => undefined);
      throw error;
    } finally {
      this.#state = "ended";
    }
  }

  #begin(state: State): void {
    if (this.#state === "writing" || this.#state === "committing") {
      const message = `A write to ${this.#path} is still under way. Wait for it before the next call.`;
      throw new UsageError("WRITER_BUSY", message, { details: { path: this.#path } });
    }
    if (this.#state !== "open") {
      const message = `The file ${this.#path} is no longer being written: it was committed or aborted, or a write failed. Open it again.`;
      throw new UsageError("WRITER_ENDED", message, { details: { path: this.#path } });
    }
    this.#state = state;
  }

  /** Ends a write, unless an abort came in between. */
  #leave(state: State): void {
    if (this.#state === "writing") this.#state = state;
  }
}
