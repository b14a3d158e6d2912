import { appendFile, mkdir } from "node:fs/promises";
import { LocalTarget, p, Task, WrapperTask } from "leat";

/** Made once for each day. */
export class Report extends Task.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(`out/report-${this.date}.txt`);
  }
  override async run() {
    await this.output().writeText(`All is well on ${this.date}.\n`);
  }
}

/** Runs every time that it is asked for: it has no output by which one could tell that it was done. */
export class Announce extends Task.with({ date: p.date() }) {
  override requires() {
    return new Report({ date: this.date });
  }
  override output() {
    return undefined;
  }
  override async run() {
    await mkdir("out", { recursive: true });
    await appendFile("out/announced.txt", await this.input().readText());
  }
}

export class Nightly extends WrapperTask.with({ date: p.date() }) {
  override requires() {
    return new Announce({ date: this.date });
  }
}
