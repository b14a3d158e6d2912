import { ExternalTask, LocalTarget, p, Task } from "leat";

/** A text that somebody else writes each day. */
export class InputText extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(`in/${this.date}.txt`);
  }
}

/** Counts the words of all texts of an interval. */
export class WordCount extends Task.with({ interval: p.dateInterval() }) {
  override requires() {
    return this.interval.dates().map((date) => new InputText({ date }));
  }
  override output() {
    return new LocalTarget(`out/words-${this.interval}.tsv`);
  }
  override async run() {
    const counts = new Map<string, number>();
    for (const text of this.input()) {
      for await (const line of text.readLines()) {
        for (const [word] of line.toLowerCase().matchAll(/\p{L}+/gu))
          counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
    const rows = [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
    await this.output().writeLines(rows.map((row) => row.join("\t")));
  }
}
