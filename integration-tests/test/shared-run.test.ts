import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { ExternalTask, MemoryTarget, p, Task } from "@leat/core";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { Graph, Node } from "./fixtures/shared-graph.ts";
import { ask, command, linesOf, openLeatd, silentLog, soon, temporaryFolder } from "./shared-support.ts";

it.each([1, 2, 4])("%i workers do one graph together, each task once", async (workers) => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const runs = Array.from({ length: workers }, () =>
    run([new Graph({ size: 60, folder })], { scheduler: leatd.url, workers: 2 }),
  );
  const results = await Promise.all(runs);
  expect(results.map(({ exitCode }) => exitCode)).toEqual(runs.map(() => 0));
  const ran = linesOf(join(folder, "log"));
  expect(ran).toHaveLength(60);
  expect(new Set(ran).size).toBe(60);
  expect((await ask(leatd, "/api/v1/counts")).byStatus).toEqual({ DONE: 61 });
});

it("tells the scheduler all about a task but its private parameters, and leatd shows it", async () => {
  const leatd = await openLeatd();
  const place = randomUUID();
  class Load extends Task.with({
    day: p.int(),
    region: p.string({ visibility: "hidden" }),
    password: p.string({ visibility: "private" }),
  }) {
    override get priority(): number {
      return 3;
    }
    override get owners(): readonly string[] {
      return ["data@example.com"];
    }
    override get resources() {
      return { database: 1 };
    }
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/${this.day}`);
    }
    override async run(): Promise<void> {
      throw new Error(`cannot log in with ${this.password}`);
    }
  }
  const task = new Load({ day: 1, region: "north", password: "s3cret-word" });
  const { exitCode } = await run([task], { scheduler: leatd.url, log: silentLog(), module: "tasks.ts" });
  expect(exitCode).toBe(30);
  const seen = await ask(leatd, `/api/v1/tasks/${task.id}`);
  expect(seen).toMatchObject({
    family: "Load",
    module: "tasks.ts",
    params: { day: "1" },
    priority: 3,
    owners: ["data@example.com"],
    resources: { database: 1 },
    status: "FAILED",
    explanation: "cannot log in with ***",
  });
  expect(JSON.stringify(seen)).not.toContain("s3cret");
});

it("does not run two tasks together that need one resource, in whichever worker they are", async () => {
  const leatd = await openLeatd({ config: { resources: { database: 1 } } });
  const place = randomUUID();
  const seen = { running: 0, most: 0 };
  class Exclusive extends Task.with({ n: p.int() }) {
    override get resources() {
      return { database: 1 };
    }
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/${this.n}`);
    }
    override async run(): Promise<void> {
      seen.most = Math.max(seen.most, ++seen.running);
      await new Promise((resolve) => setImmediate(resolve));
      seen.running--;
      await this.output().writeText("done");
    }
  }
  const tasks = (from: number) => [0, 1, 2, 3].map((n) => new Exclusive({ n: from + n }));
  // What another holds is not waited for by itself: the other's tasks are none of one's own.
  const scheduler = { url: leatd.url, keepAlive: true };
  const results = await Promise.all([0, 4].map((from) => run(tasks(from), { scheduler, workers: 4 })));
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(seen.most).toBe(1);
});

it("runs again what another worker made and somebody removed at once", async () => {
  const leatd = await openLeatd();
  const [first, second] = [temporaryFolder(), temporaryFolder()];
  await run([new Node({ n: 4, folder: first })], { scheduler: leatd.url });
  // The folder is no part of the identity: it is the same task, and its output is not there.
  const { exitCode } = await run([new Node({ n: 4, folder: second })], { scheduler: leatd.url });
  expect(exitCode).toBe(0);
  expect(linesOf(join(second, "log"))).toHaveLength(3);
});

it("stays with keepAlive until another worker has made what it waits for, and leaves without", async () => {
  const leatd = await openLeatd();
  const place = randomUUID();
  let runs = 0;
  class Source extends ExternalTask {
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/source`);
    }
  }
  class After extends Task {
    override requires(): Source {
      return new Source();
    }
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/after`);
    }
    override async run(): Promise<void> {
      runs++;
      await this.output().writeText("done");
    }
  }
  const log = silentLog();
  const hasty = await run([new After()], { scheduler: leatd.url, log });
  expect([hasty.exitCode, runs]).toEqual([20, 0]);
  const patient = run([new After()], { scheduler: { url: leatd.url, keepAlive: true }, log });
  await soon(async () => (await ask(leatd, "/api/v1/workers")).workers.length === 1);
  await new Source().output().writeText("data");
  const tasks = [{ taskId: new Source().id, status: "DONE" }];
  await command(leatd, "addTasks", { worker: "other", tasks });
  expect([(await patient).exitCode, runs]).toEqual([0, 1]);
});

it("gives back what it is assigned while it is told to end, and what waits for it goes to others", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const drain = new AbortController();
  const waiting = { url: leatd.url, keepAlive: true, worker: "leaving" };
  const leaving = run([new Node({ n: 2, folder })], {
    scheduler: waiting,
    drain: drain.signal,
    // The worker waits at the scheduler: what it registered is held up until then.
    listen: () => void command(leatd, "setPaused", { paused: true }),
  });
  await soon(async () => (await ask(leatd, "/api/v1/status")).tasks === 2);
  drain.abort();
  await command(leatd, "setPaused", { paused: false });
  await leaving;
  expect((await ask(leatd, "/api/v1/counts")).byStatus.RUNNING).toBeUndefined();
  const { exitCode } = await run([new Node({ n: 2, folder })], { scheduler: leatd.url });
  expect(exitCode).toBe(0);
  const ran = linesOf(join(folder, "log"));
  expect(new Set(ran).size).toBe(ran.length);
});

it("registers itself and what is left again at a scheduler that was started without its state", async () => {
  const first = await openLeatd();
  const folder = temporaryFolder();
  await command(first, "setPaused", { paused: true });
  const log = silentLog();
  const options = { url: first.url, keepAlive: true, heartbeatSeconds: 0.05 };
  const running = run([new Node({ n: 6, folder })], { scheduler: options, log });
  await soon(async () => (await ask(first, "/api/v1/status")).tasks > 0);
  await first.stop();
  await openLeatd({ port: Number(new URL(first.url).port) });
  expect((await running).exitCode).toBe(0);
  expect(linesOf(join(folder, "log"))).toHaveLength(4);
  expect(log.lines.join("\n")).toContain("registers itself and its tasks again");
});
