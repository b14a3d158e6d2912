import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 10;

/** How long those who were killed are waited for. They die when they get a processor, and not while the system works for them. */
const DYING_MS = 5000;

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
      if (performance.now() > deadline) return this.#kill();
      await sleep(LOOK_MS);
    }
  }

  async #kill(): Promise<void> {
    this.#signal("SIGKILL");
    const deadline = performance.now() + DYING_MS;
    while (performance.now() < deadline && (await hasLiving(this.#leader))) await sleep(LOOK_MS);
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

/**
 * Whether somebody in a group of processes is alive: the dead stay in it, and take signals, until their parent has asked about
 * them. Not known, and false, where there is no /proc.
 */
async function hasLiving(group: number): Promise<boolean> {
  const names = await readdir("/proc").catch(() => []);
  const ids = names.filter((name) => /^\d+$/.test(name));
  // Who has gone since is not alive.
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, "latin1").catch(() => "")));
  return stats.some((stat) => {
    // proc_pid_stat(5): behind the name, which is in parentheses and may hold others, are the state, the parent and the group.
    const [state = "", , leader] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(leader) === group && !"ZX".includes(state);
  });
}
