import { ExternalTask, LocalTarget, p, Task } from "leat";

/** Data that someone else makes: a song in each line. */
export class Plays extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(`in/plays-${this.date}.txt`);
  }
}

export class TopSongs extends Task.with({ date: p.date(), top: p.int({ default: 10 }) }) {
  override requires() {
    return new Plays({ date: this.date });
  }
  override output() {
    return new LocalTarget(`out/top-${this.date}.tsv`);
  }
  override async run() {
    const plays = new Map<string, number>();
    for await (const song of this.input().readLines()) plays.set(song, (plays.get(song) ?? 0) + 1);
    const ranking = [...plays].sort(([, a], [, b]) => b - a).slice(0, this.top);
    await this.output().writeLines(ranking.map((row) => row.join("\t")));
  }
}
