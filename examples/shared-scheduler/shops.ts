import { appendFile, mkdir } from "node:fs/promises";
import { LocalTarget, p, type RunContext, Task } from "leat";

/** What one shop sold on a day. Whichever worker runs it, no more than two ask the shops' database at a time. */
export class Sales extends Task.with({ date: p.date(), shop: p.int() }) {
  override get resources() {
    return { database: 1 };
  }
  override output() {
    return new LocalTarget(`out/sales-${this.date}-${this.shop}.csv`);
  }
  override async run({ log }: RunContext) {
    const rows = Array.from({ length: this.shop }, (_, n) => `${this.shop},${n},${(n + 1) * 10}`);
    await this.output().writeLines(rows);
    // Numbers in a log line stand in the history of leatd as well.
    log.info("Asked the shop.", { rows: rows.length });
    await note(`${process.pid} asked shop ${this.shop}`);
  }
}

/** The day in one line, when all shops have answered. */
export class Day extends Task.with({ date: p.date(), shops: p.int({ default: 12 }) }) {
  override requires() {
    return Array.from({ length: this.shops }, (_, n) => new Sales({ date: this.date, shop: n + 1 }));
  }
  override output() {
    return new LocalTarget(`out/day-${this.date}.txt`);
  }
  override async run() {
    let total = 0;
    for (const sales of this.input()) {
      for await (const line of sales.readLines()) total += Number(line.split(",")[2]);
    }
    await this.output().writeText(`${this.date}: ${total}\n`);
    await note(`${process.pid} added it all up`);
  }
}

async function note(line: string): Promise<void> {
  await mkdir("out", { recursive: true });
  await appendFile("out/who-did-what.log", `${line}\n`);
}
