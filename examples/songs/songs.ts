import { ExternalTask, LocalTarget, p, Task, WrapperTask } from "leat";
import { PostgresCopyToTable } from "@leat/postgres";

/** Data that someone else makes: a line for each play, with country and song. */
export class Plays extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(`in/plays-${this.date}.tsv`);
  }
}

export class TopSongs extends Task.with({
  date: p.date(),
  country: p.string(),
  top: p.int({ default: 10 }),
}) {
  override requires() {
    return new Plays({ date: this.date });
  }
  override output() {
    return new LocalTarget(`out/top-${this.country}-${this.date}.tsv`);
  }
  override async run() {
    const plays = new Map<string, number>();
    // input() is a LocalTarget: the compiler knows.
    for await (const line of this.input().readLines()) {
      const [country, song = ""] = line.split("\t");
      if (country === this.country) plays.set(song, (plays.get(song) ?? 0) + 1);
    }
    const ranking = [...plays].sort(([, a], [, b]) => b - a).slice(0, this.top);
    // The file is there whole, or not there.
    await this.output().writeLines(ranking.map((row) => row.join("\t")));
  }
}

export class LoadTopSongs extends PostgresCopyToTable.with({ date: p.date(), country: p.string() }) {
  override readonly table = "top_songs";
  override readonly columns = [
    ["song", "text"],
    ["plays", "bigint"],
  ] as const;
  override requires() {
    return new TopSongs({ date: this.date, country: this.country });
  }
  /** Rows and marker are written in one transaction. */
  override async *rows() {
    for await (const line of this.input().readLines()) yield line.split("\t");
  }
}

export class AllCountries extends WrapperTask.with({ date: p.date() }) {
  override requires() {
    return ["se", "rs", "hr"].map((country) => new LoadTopSongs({ date: this.date, country }));
  }
}
