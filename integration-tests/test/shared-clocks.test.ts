import { randomUUID } from "node:crypto";
import { MemoryTarget, p, Task } from "@leat/core";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { ask, openLeatd, silentLog } from "./shared-support.ts";

const DAY_MS = 86_400_000;

/** Fails the first time. */
class Flaky extends Task.with({ place: p.string() }) {
  static runs = 0;
  override output(): MemoryTarget {
    return new MemoryTarget(this.place);
  }
  override async run(): Promise<void> {
    if (++Flaky.runs === 1) throw new Error("not yet");
    await this.output().writeText("done");
  }
}

it.each([-1, 1])(
  "a worker retries in time, and without asking on and on, with a scheduler %i days off",
  async (days) => {
    Flaky.runs = 0;
    const leatd = await openLeatd({ clock: () => Date.now() + days * DAY_MS });
    const before = Number((await ask(leatd, "/api/v1/status")).sequence);
    const waits: number[] = [];
    const { exitCode } = await run([new Flaky({ place: randomUUID() })], {
      scheduler: { url: leatd.url, keepAlive: true, waitSeconds: 30 },
      retry: { count: 1, delaySeconds: 0.2, jitter: 0 },
      log: silentLog(),
      listen: (events) => events.on("task:retrying", ({ delaySeconds }) => void waits.push(delaySeconds)),
    });
    expect([exitCode, Flaky.runs]).toEqual([0, 2]);
    // The delay is told by this machine's clock, whatever the scheduler's shows.
    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeLessThan(1);
    // Two attempts take some ten commands: an endless loop would take thousands.
    expect(Number((await ask(leatd, "/api/v1/status")).sequence) - before).toBeLessThan(40);
  },
);
