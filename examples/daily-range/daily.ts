import { LocalTarget, p, Task } from "leat";

/** A report for each day, in each country. */
export class DailyReport extends Task.with({ country: p.string(), date: p.date() }) {
  override output() {
    return new LocalTarget(`out/${this.country}/report-${this.date}.txt`);
  }
  override async run() {
    await this.output().writeText(`${this.country} on ${this.date}\n`);
  }
}
