import { appendFile, mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { p, Task, WrapperTask } from "leat";

/** Prints a document on the only printer. It runs every time: nothing tells afterwards that it was done. */
export class Print extends Task.with({ document: p.string() }) {
  /** A resource that nobody configured has one unit: only one task at a time may hold it. */
  override get resources() {
    return { printer: 1 };
  }
  override output() {
    return undefined;
  }
  override async run() {
    await note(`${this.document} begins`);
    // While this one waits for the paper, the others could begin.
    await sleep(50);
    await note(`${this.document} ends`);
  }
}

export class PrintAll extends WrapperTask {
  override requires() {
    return ["letter", "invoice", "poem"].map((document) => new Print({ document }));
  }
}

async function note(line: string): Promise<void> {
  await mkdir("out", { recursive: true });
  await appendFile("out/printer.log", `${line}\n`);
}
