import { MemoryTarget, p, Task } from "@leat/core";
import { run } from "@leat/worker";

class Square extends Task.with({ of: p.int() }) {
  override output() {
    return new MemoryTarget(`squares/${this.of}`);
  }
  override async run() {
    await this.output().writeText(String(this.of ** 2));
  }
}

const tasks = [1, 2, 3].map((of) => new Square({ of }));
export const result = await run(tasks, {
  workers: 2,
  listen: (events) =>
    events.on("task:failed", ({ task, error }) => console.error(`${task}: ${error.message}`)),
});
if (!result.succeeded) console.error(result.summaryText);
