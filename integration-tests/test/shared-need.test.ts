import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { LocalTarget, p, type RunContext, Task } from "@leat/core";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { Node } from "./fixtures/shared-graph.ts";
import { ask, command, linesOf, openLeatd, silentLog, soon, temporaryFolder } from "./shared-support.ts";

/** Asks in the middle of its run for as many nodes as it has found out that it needs. */
class Asking extends Task.with({ count: p.int(), slot: p.int({ default: 0 }), folder: p.string() }) {
  override get resources() {
    return { database: 1 };
  }
  override output(): LocalTarget {
    return new LocalTarget(join(this.folder, this.id));
  }
  override async run(context: RunContext): Promise<void> {
    const { count, folder } = this;
    appendFileSync(join(folder, "asked"), `${this.id}\n`);
    const nodes = Array.from({ length: count }, (_, n) => new Node({ n: n + 1, folder }));
    const outputs: readonly LocalTarget[] = await context.need(nodes);
    for (const output of outputs) await output.readText();
    await this.output().writeText("done");
  }
}

it("goes on in place when other workers have done what it asks for", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const runs = [1, 2, 3].map((workers) =>
    run([new Asking({ count: 30, folder })], { scheduler: leatd.url, workers }),
  );
  const results = await Promise.all(runs);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  const ran = linesOf(join(folder, "log"));
  expect([ran.length, new Set(ran).size]).toEqual([30, 30]);
  expect((await ask(leatd, "/api/v1/counts")).byStatus).toEqual({ DONE: 31 });
});

class Held extends Node {
  static override readonly family: string = "Held";
  static open: () => void = () => undefined;
  static readonly #opened = new Promise<void>((resolve) => (Held.open = resolve));
  override requires(): Node[] {
    return [];
  }
  override async run(): Promise<void> {
    await Held.#opened;
    await super.run();
  }
}

class AskingOnce extends Node {
  static override readonly family: string = "AskingOnce";
  override async run({ need }: RunContext): Promise<void> {
    await need(new Held({ n: 0, folder: this.folder }));
    await super.run();
  }
}

it("is waited for by a worker that comes while it waits", async () => {
  const leatd = await openLeatd();
  const task = new AskingOnce({ n: 0, folder: temporaryFolder() });
  const first = run([task], { scheduler: leatd.url });
  await soon(async () => {
    const { PENDING, RUNNING } = (await ask(leatd, "/api/v1/counts")).byStatus;
    return PENDING === 1 && RUNNING === 1;
  });
  const scheduler = { url: leatd.url, worker: "late", waitSeconds: 0.05 };
  const late = run([task], { scheduler, log: silentLog() });
  const askedAgain = soon(async () => {
    const { workers } = await ask(leatd, "/api/v1/workers");
    const { startedAt, lastActiveAt } = workers.find(({ worker }: any) => worker === "late") ?? {};
    return lastActiveAt - startedAt > 300;
  });
  await Promise.race([askedAgain, late]);
  Held.open();
  const results = await Promise.all([first, late]);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
});

it("gives place and resources back while it waits, whoever wants them", async () => {
  const leatd = await openLeatd({ config: { resources: { database: 1 } } });
  const folder = temporaryFolder();
  const tasks = [1, 2, 3].map((slot) => new Asking({ count: 10, slot, folder }));
  const { exitCode } = await run(tasks, { scheduler: leatd.url, workers: 1 });
  expect(exitCode).toBe(0);
  expect(linesOf(join(folder, "asked"))).toHaveLength(3);
  expect((await ask(leatd, "/api/v1/resources")).resources).toMatchObject([
    { resource: "database", used: 0 },
  ]);
});

it("waits on, in place, at a scheduler that was started without its state", async () => {
  const first = await openLeatd();
  const folder = temporaryFolder();
  const log = silentLog();
  class Held extends Asking {
    static override readonly family: string = "Held";
    override async run(context: RunContext): Promise<void> {
      await command(first, "setPaused", { paused: true });
      await super.run(context);
    }
  }
  const options = { url: first.url, keepAlive: true, heartbeatSeconds: 0.05 };
  const task = new Held({ count: 12, folder });
  const running = run([task], { scheduler: options, log, workers: 2 });
  await soon(async () => (await ask(first, "/api/v1/counts")).byStatus.PENDING === 13);
  await first.stop();
  const second = await openLeatd({ port: Number(new URL(first.url).port) });
  expect((await running).exitCode).toBe(0);
  expect(linesOf(join(folder, "asked"))).toHaveLength(1);
  expect(linesOf(join(folder, "log"))).toHaveLength(12);
  expect((await ask(second, `/api/v1/tasks/${task.id}`)).status).toBe("DONE");
});
