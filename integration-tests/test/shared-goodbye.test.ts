import { join } from "node:path";
import { assist, loadTaskModule, run } from "@leat/worker";
import { describe, expect, it } from "vitest";
import { Node } from "./fixtures/shared-graph.ts";
import { ask, linesOf, openLeatd, silentLog, soon, temporaryFolder } from "./shared-support.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const workspace = useWorkspace();
const MODULE = fixture("shared-graph.ts");

/** Workers that leatd knows of, and the runs of those that it knew. */
async function knownTo(leatd: Parameters<typeof ask>[0]) {
  const { workers } = await ask(leatd, "/api/v1/workers");
  const { runs } = await ask(leatd, "/api/v1/runs");
  return { workers, runs };
}

/** Nothing is heard by silence: leatd would wait for a minute. */
const GONE = { workers: [], runs: [{ worker: "w", endedAt: expect.any(Number) as number }] };

describe("a worker that ends", () => {
  it("is gone from leatd when its run resolves", async () => {
    const leatd = await openLeatd();
    const scheduler = { url: leatd.url, worker: "w" };
    await run([new Node({ n: 4, folder: temporaryFolder() })], { scheduler });
    expect(await knownTo(leatd)).toMatchObject(GONE);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("by %s is gone when what it ran has ended", async (signal) => {
    const leatd = await openLeatd();
    const folder = temporaryFolder();
    const params = ["--count", "9", "--ms", "300", "--folder", folder];
    const flags = [
      "--scheduler",
      leatd.url,
      "--worker-id",
      "w",
      "--AllSlow-folder",
      folder,
      "--Slow-folder",
      folder,
    ];
    const worker = workspace.start(["run", MODULE, "AllSlow", ...params, ...flags, "--workers", "2"]);
    await until(() => linesOf(join(folder, "begun")).length >= 2);
    worker.process.kill(signal);
    await worker.ended;
    expect(await knownTo(leatd)).toMatchObject(GONE);
    const { attempts } = await ask(leatd, "/api/v1/attempts");
    const outcomes = attempts.map(({ outcome }: { readonly outcome: string }) => outcome);
    expect(outcomes.filter((outcome: string) => outcome === "DONE")).toHaveLength(
      linesOf(join(folder, "log")).length,
    );
    expect((await ask(leatd, "/api/v1/counts")).byStatus.RUNNING).toBeUndefined();
  });

  it("does not wait for a leatd that is away, as long as it would while it runs", async () => {
    const leatd = await openLeatd();
    const drain = new AbortController();
    const options = { scheduler: leatd.url, drain: drain.signal, log: silentLog() };
    const helping = assist([await loadTaskModule(MODULE)], options);
    await soon(async () => (await ask(leatd, "/api/v1/workers")).workers.length === 1);
    await leatd.stop();
    drain.abort();
    // It would be waited for five minutes.
    await expect(helping).resolves.toBeUndefined();
  });
});
