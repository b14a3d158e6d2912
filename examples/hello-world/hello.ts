import { LocalTarget, p, Task } from "leat";

/** Says hello to somebody, once: the file that it makes tells that it was done. */
export class Hello extends Task.with({
  name: p.string({ default: "world", description: "Whom to greet." }),
}) {
  override output() {
    return new LocalTarget(`out/hello-${this.name}.txt`);
  }
  override async run() {
    await this.output().writeText(`Hello, ${this.name}!\n`);
  }
}
