import { ExternalTask, LocalTarget, p, targetAt, Task } from "leat";
import { HttpTarget } from "./http-target.ts";

/** A page that somebody publishes. */
export class Page extends ExternalTask.with({ url: p.string() }) {
  override output() {
    return new HttpTarget(this.url);
  }
}

/** The title of a page. */
export class Title extends Task.with({ url: p.string() }) {
  override requires() {
    return new Page({ url: this.url });
  }
  override output() {
    return new LocalTarget(`out/${this.id}.txt`);
  }
  override async run() {
    const [, title = "(none)"] = /<title>(.*?)<\/title>/s.exec(await this.input().readText()) ?? [];
    await this.output().writeText(`${title}\n`);
  }
}

/** Whatever has a URL that one of the plugins knows: a page, and with the plugins of other stores a file in them. */
export class Anything extends ExternalTask.with({ url: p.string() }) {
  override output() {
    return targetAt(this.url);
  }
}
