import { ExternalTask, LocalTarget, p, Task } from "leat";
import { byteSize } from "./byte-size.ts";

export class Book extends ExternalTask.with({ path: p.path() }) {
  override output() {
    return new LocalTarget(this.path);
  }
}

/** The beginning of a text. `limit` is a number here, and a size with a unit wherever it is written. */
export class Excerpt extends Task.with({ path: p.path(), limit: byteSize({ default: 64 * 1024 }) }) {
  override requires() {
    return new Book({ path: this.path });
  }
  override output() {
    return new LocalTarget(`out/excerpt-${this.limit}.txt`);
  }
  override async run() {
    const text = await this.input().readBytes();
    await this.output().writeBytes(text.subarray(0, this.limit));
  }
}
