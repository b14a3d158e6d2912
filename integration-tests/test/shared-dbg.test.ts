import { run } from "@leat/worker";
import { it } from "vitest";
import { Graph } from "./fixtures/shared-graph.ts";
import { ask, openLeatd, temporaryFolder } from "./shared-support.ts";
it("x", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const runs = [0, 1].map((n) => run([new Graph({ size: 60, folder })], { scheduler: { url: leatd.url, worker: `w${n}` }, workers: 2, log: { debug() {}, info() {}, warn(m) { console.log(n, m); }, error(m) { console.log(n, m); } } }).then((r) => console.log(n, "END", r.exitCode)));
  await Promise.race([Promise.all(runs), new Promise((r) => setTimeout(r, 6000))]);
  console.log(JSON.stringify(await ask(leatd, "/api/v1/counts")), JSON.stringify(await ask(leatd, "/api/v1/workers")));
  console.log(JSON.stringify((await ask(leatd, "/api/v1/tasks")).tasks.filter((t: any) => t.status !== "DONE")));
}, 12000);
