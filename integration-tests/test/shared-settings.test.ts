import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { ExternalTask, MemoryTarget, p, type RunContext, Task } from "@leat/core";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { Graph } from "./fixtures/shared-graph.ts";
import { ask, command, linesOf, openLeatd, silentLog, soon, temporaryFolder } from "./shared-support.ts";

/** External data, and a task that requires it or asks for it while it runs. */
function waitingTasks() {
  const place = randomUUID();
  class Source extends ExternalTask {
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/source`);
    }
  }
  class After extends Task.with({ asks: p.bool({ default: false }) }) {
    override requires(): readonly Source[] {
      return this.asks ? [] : [new Source()];
    }
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/after`);
    }
    override async run({ need }: RunContext): Promise<void> {
      if (this.asks) await need(new Source());
      await this.output().writeText("done");
    }
  }
  return { Source, After };
}

it.each(["is asked for itself", "is required", "is asked for by a running task"])(
  "external data that %s is looked at again while the worker waits at the scheduler",
  async (how) => {
    const leatd = await openLeatd();
    const { Source, After } = waitingTasks();
    const task = how === "is asked for itself" ? new Source() : new After({ asks: how !== "is required" });
    const options = { scheduler: leatd.url, log: silentLog(), retryExternalSeconds: 0.02 };
    const running = run([task], options);
    await soon(async () => (await ask(leatd, "/api/v1/counts")).byStatus.RUNNING === undefined);
    await soon(async () => (await ask(leatd, `/api/v1/tasks/${new Source().id}`)).status === "PENDING");
    await new Source().output().writeText("data");
    expect((await running).exitCode).toBe(0);
    expect((await ask(leatd, `/api/v1/tasks/${new Source().id}`)).status).toBe("DONE");
  },
);

it("a worker that looks again at external data leaves after its longest idle time", async () => {
  const leatd = await openLeatd();
  const { Source, After } = waitingTasks();
  const scheduler = { url: leatd.url, maxIdleSeconds: 0.05 };
  const options = { scheduler, log: silentLog(), retryExternalSeconds: 0.02 };
  for (const task of [new Source(), new After()]) {
    expect((await run([task], { ...options, scheduler: { ...scheduler, waitSeconds: 0.02 } })).exitCode).toBe(
      20,
    );
  }
});

it("what another worker made and somebody removed is made again before the task that requires it begins", async () => {
  const leatd = await openLeatd();
  const place = randomUUID();
  let made = 0;
  class Lower extends Task {
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/lower`);
    }
    override async run(): Promise<void> {
      made++;
      await this.output().writeText("made");
    }
  }
  class Upper extends Task {
    override requires(): Lower {
      return new Lower();
    }
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/upper`);
    }
    override async run(): Promise<void> {
      await this.output().writeText(await this.input().readText());
    }
  }
  await run([new Lower()], { scheduler: leatd.url });
  await command(leatd, "setPaused", { paused: true });
  const running = run([new Upper()], { scheduler: leatd.url, checkRequirements: true, log: silentLog() });
  await soon(async () => (await ask(leatd, "/api/v1/status")).tasks === 2);
  await new Lower().output().remove();
  await command(leatd, "setPaused", { paused: false });
  expect((await running).exitCode).toBe(0);
  expect(made).toBe(2);
});

it("a worker with a limit registers no more tasks than that, and leaves the rest for the next one", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const graph = new Graph({ size: 20, folder });
  const options = { scheduler: leatd.url, log: silentLog(), taskLimit: 8 };
  for (const [exitCode, ran] of [
    [25, 8],
    [25, 16],
    [0, 20],
  ]) {
    expect((await run([graph], options)).exitCode).toBe(exitCode);
    expect(linesOf(join(folder, "log"))).toHaveLength(ran as number);
  }
});
