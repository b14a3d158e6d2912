import { join } from "node:path";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { Node } from "./fixtures/shared-graph.ts";
import { linesOf, openLeatd, temporaryFolder } from "./shared-support.ts";
import { fixture, useWorkspace } from "./support.ts";

const workspace = useWorkspace();

it("runs what is forced once more at a shared scheduler that has it as done, and only that", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const task = new Node({ n: 4, folder });
  await run([task], { scheduler: leatd.url });
  const before = linesOf(join(folder, "log"));
  expect(before).toHaveLength(3);
  const { exitCode } = await run([task], { scheduler: leatd.url, isForced: ({ id }) => id === task.id });
  expect(exitCode).toBe(0);
  expect(linesOf(join(folder, "log"))).toEqual([...before, task.id]);
});

it("is what --force does with --scheduler", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  const args = [
    "run",
    fixture("shared-graph.ts"),
    "Node",
    "--n",
    "4",
    "--folder",
    folder,
    "--scheduler",
    leatd.url,
  ];
  expect((await workspace.leat(args)).exitCode).toBe(0);
  expect((await workspace.leat([...args, "--force", "Node"])).exitCode).toBe(0);
  expect(linesOf(join(folder, "log"))).toHaveLength(6);
});
