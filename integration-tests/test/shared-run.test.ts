import { join } from "node:path";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { Graph } from "./fixtures/shared-graph.ts";
import { ask, linesOf, openLeatd, temporaryFolder } from "./shared-support.ts";

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
