import { randomUUID } from "node:crypto";
import { MemoryTarget, p, type RunContext, Task } from "@leat/core";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { ask, command, openLeatd, silentLog, soon } from "./shared-support.ts";

/** A task that runs until it is let go, and gives away what it was given. */
function gatedTask() {
  const place = randomUUID();
  const begun: number[] = [];
  const contexts: RunContext[] = [];
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  class Gated extends Task.with({
    n: p.int({ default: 0 }),
    secret: p.string({ default: "s3cret", visibility: "private" }),
  }) {
    override get acceptsMessages(): boolean {
      return true;
    }
    override output(): MemoryTarget {
      return new MemoryTarget(`${place}/${this.n}`);
    }
    override async run(context: RunContext): Promise<void> {
      begun.push(this.n);
      contexts.push(context);
      const aborted = new Promise((_, reject) =>
        context.signal.addEventListener("abort", () => reject(context.signal.reason as Error)),
      );
      await Promise.race([gate, aborted]);
      await this.output().writeText("done");
    }
  }
  return { Gated, begun, contexts, open };
}

const often = { heartbeatSeconds: 0.05 };

it("shows what a running task says, and passes messages to it and back", async () => {
  const leatd = await openLeatd();
  const { Gated, contexts, open } = gatedTask();
  const running = run([new Gated()], { scheduler: { url: leatd.url, ...often } });
  await soon(() => contexts.length === 1);
  const [context] = contexts as [RunContext];
  context.onMessage((content) => `heard ${content}`);
  context.progress(0.5, "half of s3cret");
  context.trackingUrl("http://cluster.example/job/1");
  context.log.info("at work", { rows: 7 });
  const { id } = new Gated();
  await soon(async () => (await ask(leatd, `/api/v1/tasks/${id}`)).progressPercentage === 50);
  expect(await ask(leatd, `/api/v1/tasks/${id}`)).toMatchObject({
    statusMessage: "half of ***",
    trackingUrl: "http://cluster.example/job/1",
    params: { n: "0" },
  });
  const log = `${leatd.url}/api/v1/attempts/${context.token}/log`;
  await soon(async () => (await (await fetch(log)).text()).includes("INFO at work"));
  const { messageId } = await command(leatd, "sendMessage", { taskId: id, content: "hello" });
  await soon(async () => {
    const { response } = await command(leatd, "takeResponse", { taskId: id, messageId });
    return response === "heard hello";
  });
  open();
  expect((await running).exitCode).toBe(0);
});

it("begins a task that waits for a resource when an operator raises the limit", async () => {
  const leatd = await openLeatd();
  const { Gated, begun, open } = gatedTask();
  class Loading extends Gated {
    override get resources(): { readonly [name: string]: number } {
      return { database: 1 };
    }
  }
  const tasks = [new Loading({ n: 1 }), new Loading({ n: 2 })];
  const running = run(tasks, { workers: 2, scheduler: { url: leatd.url, ...often } });
  await soon(() => begun.length === 1);
  await command(leatd, "setResource", { resource: "database", limit: 2 });
  await soon(() => begun.length === 2);
  open();
  expect((await running).exitCode).toBe(0);
});

it("runs as many attempts at a time as an operator sets", async () => {
  const leatd = await openLeatd();
  const { Gated, begun, open } = gatedTask();
  const tasks = [1, 2, 3].map((n) => new Gated({ n }));
  const running = run(tasks, { scheduler: { url: leatd.url, worker: "w", ...often } });
  await soon(() => begun.length === 1);
  await command(leatd, "setWorkerProcesses", { worker: "w", processes: 3 });
  await soon(() => begun.length === 3);
  const { workers } = await ask(leatd, "/api/v1/workers");
  expect(workers).toMatchObject([{ worker: "w", processes: 3 }]);
  open();
  expect((await running).exitCode).toBe(0);
});

it.each([
  ["runs something", 1],
  ["only waits", 0],
])(
  "leaves to others what it asked for before an operator lowered its number, while it %s",
  async (_, busy) => {
    const leatd = await openLeatd({ config: { resources: { database: 0 } } });
    const { Gated, begun, open } = gatedTask();
    class Loading extends Gated {
      override get resources(): { readonly [name: string]: number } {
        return { database: 1 };
      }
    }
    const loading = [2, 3, 4].map((n) => new Loading({ n }));
    const own = busy === 1 ? [new Gated({ n: 1 })] : [];
    const scheduler = { url: leatd.url, worker: "w", keepAlive: true, ...often };
    const running = run([...own, ...loading], { workers: 3, scheduler });
    await soon(async () => begun.length === busy && (await ask(leatd, "/api/v1/status")).tasks === 3 + busy);
    await command(leatd, "setWorkerProcesses", { worker: "w", processes: 1 });
    await soon(async () => (await ask(leatd, "/api/v1/workers")).workers[0].processes === 1);
    const other = run(loading, { workers: 3, scheduler: { ...scheduler, worker: "other" } });
    await soon(async () => (await ask(leatd, "/api/v1/workers")).workers.length === 2);
    await command(leatd, "setResource", { resource: "database", limit: 3 });
    const runningAt = async () => {
      const { workers } = await ask(leatd, "/api/v1/workers");
      return new Map<string, number>(
        workers.map((each: { worker: string; running: readonly string[] }) => [
          each.worker,
          each.running.length,
        ]),
      );
    };
    // Whoever asks first has the third.
    await soon(
      async () => [...(await runningAt()).values()].reduce((sum, count) => sum + count) === 3 + busy,
    );
    expect((await runningAt()).get("w")).toBeLessThanOrEqual(1);
    open();
    expect([(await running).exitCode, (await other).exitCode]).toEqual([0, 0]);
  },
);

it("ends an attempt that an operator cancels, and says why", async () => {
  const leatd = await openLeatd();
  const { Gated, contexts } = gatedTask();
  const log = silentLog();
  const running = run([new Gated()], { scheduler: { url: leatd.url, ...often }, log });
  await soon(() => contexts.length === 1);
  await command(leatd, "act", { action: "cancel", taskIds: [new Gated().id] });
  const { exitCode } = await running;
  expect(contexts[0]?.signal.reason).toMatchObject({ code: "TASK_LEASE_LOST" });
  expect(log.lines.join("\n")).toContain("ended, and that changes nothing");
  expect(exitCode).not.toBe(0);
  expect(await ask(leatd, `/api/v1/tasks/${new Gated().id}`)).toMatchObject({ status: "FAILED" });
});

it("lets a worker that an operator disables finish what it runs, and begin nothing else", async () => {
  const leatd = await openLeatd();
  const { Gated, begun, open } = gatedTask();
  const tasks = [1, 2].map((n) => new Gated({ n }));
  const running = run(tasks, { scheduler: { url: leatd.url, worker: "w", ...often } });
  await soon(() => begun.length === 1);
  await command(leatd, "disableWorker", { worker: "w" });
  open();
  const { outcomes } = await running;
  expect(tasks.map(({ id }) => outcomes.get(id).state)).toEqual(["succeeded", "pending"]);
  expect(begun).toEqual([1]);
});

it("waits while the scheduler is paused, and goes on after that", async () => {
  const leatd = await openLeatd();
  await command(leatd, "setPaused", { paused: true });
  const { Gated, begun, open } = gatedTask();
  open();
  const running = run([new Gated()], { scheduler: leatd.url });
  await soon(async () => (await ask(leatd, "/api/v1/status")).tasks === 1);
  expect(begun).toEqual([]);
  await command(leatd, "setPaused", { paused: false });
  expect((await running).exitCode).toBe(0);
});
