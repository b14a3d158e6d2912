import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 10;

/** A program and all that it started and that did not leave its group. */
export class ProcessGroup {
  readonly #leader: number;
  #ending: Promise<void> | undefined;

  constructor(leader: number) {
    this.#leader = leader;
  }

  /** Ends all of it: first asking, by SIGTERM, and after a time by force. Resolves when nothing is left that could be ended. */
  end(killAfterMs: number): Promise<void> {
    this.#ending ??= this.#end(killAfterMs);
    return this.#ending;
  }

  async #end(killAfterMs: number): Promise<void> {
    const deadline = performance.now() + killAfterMs;
    for (let isLeft = this.#signal("SIGTERM"); isLeft; isLeft = this.#signal(0)) {
      if (performance.now() > deadline) return void this.#signal("SIGKILL");
      await sleep(LOOK_MS);
    }
  }

  /** Whether somebody was there to take it. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-this.#leader, signal);
    } catch {
      // Nobody is left in the group, or nobody who takes signals from us.
      return false;
    }
  }
}
