import { join } from "node:path";
import { LocalTarget, MemoryTarget, p, type RunContext, Task } from "@leat/core";
import { run } from "@leat/worker";
import { expect, it } from "vitest";
import { ask, openLeatd, silentLog, temporaryFolder } from "./shared-support.ts";

it("keeps what a run made: outputs, bytes and rows of its attempts, and who ran it", async () => {
  const leatd = await openLeatd();
  const folder = temporaryFolder();
  class Extract extends Task.with({ key: p.string({ visibility: "private", significant: false }) }) {
    override output() {
      return [new LocalTarget(join(folder, "a.tsv")), new LocalTarget(join(folder, `b-${this.key}.tsv`))];
    }
    override async run(): Promise<void> {
      for (const output of this.output()) await output.writeText("12345");
    }
  }
  class Load extends Task {
    override requires(): Extract {
      return new Extract({ key: "hunter2" });
    }
    override output(): MemoryTarget {
      return new MemoryTarget(join(folder, "marker"));
    }
    override async run({ log }: RunContext): Promise<void> {
      log.info("Loaded a part.", { rows: 3, bytes: 70 });
      log.info("Loaded the rest.", { rows: 4, table: "songs" });
      await this.output().writeText("done");
    }
  }
  const task = new Load();
  const { exitCode } = await run([task], { scheduler: { url: leatd.url, worker: "me" }, log: silentLog() });
  expect(exitCode).toBe(0);
  const { attempts } = await ask(leatd, "/api/v1/attempts");
  expect(attempts).toMatchObject([
    { family: "Load", outcome: "DONE", rows: 7 },
    { family: "Extract", outputs: [join(folder, "a.tsv"), join(folder, "b-***.tsv")], bytes: 10, rows: null },
  ]);
  expect(attempts[0].outputs).toHaveLength(1);
  const { runs } = await ask(leatd, "/api/v1/runs");
  expect(runs).toMatchObject([{ worker: "me", info: { first_task: task.id }, attempts: 2, failures: 0 }]);
});
