import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { ExternalTask, LocalTarget, p, Task, WrapperTask } from "@leat/core";

const step = { n: p.int(), folder: p.string({ significant: false }) };

/** Made by the other half, python_steps.py. */
export class PythonStep extends ExternalTask.with(step) {
  override output(): LocalTarget {
    return new LocalTarget(join(this.folder, this.id));
  }
}

/** Made by the other half, which fails to. */
export class FailingStep extends PythonStep {}

/** One half of a graph whose other half is in python_steps.py: each step needs two of the other language. */
export class TypescriptStep extends Task.with(step) {
  override requires(): PythonStep[] {
    const before = [this.n - 1, this.n - 2].filter((n) => n > 0);
    return before.map((n) => new PythonStep({ n, folder: this.folder }));
  }
  override output(): LocalTarget {
    return new LocalTarget(join(this.folder, this.id));
  }
  override async run(): Promise<void> {
    for (const { path } of this.input()) if (!existsSync(path)) throw new Error(`${path} is not there`);
    appendFileSync(join(this.folder, "log"), `${this.id}\n`);
    await this.output().writeText("done");
  }
}

export class TypescriptSteps extends WrapperTask.with({
  count: p.int(),
  folder: p.string({ significant: false }),
}) {
  override requires(): TypescriptStep[] {
    return Array.from(
      { length: this.count },
      (_, n) => new TypescriptStep({ n: n + 1, folder: this.folder }),
    );
  }
}

export class AfterFailing extends TypescriptStep {
  override requires(): PythonStep[] {
    return [new FailingStep({ n: this.n, folder: this.folder })];
  }
}
