import { LocalTarget, p, Task } from "leat";
import { Streams } from "./streams.ts";

export { Streams };

/** Counts the plays of each artist over a day, a week, a month, a year, or any days. */
export class ArtistPlays extends Task.with({ interval: p.dateInterval() }) {
  override requires() {
    return this.interval.dates().map((date) => new Streams({ date }));
  }
  override output() {
    return new LocalTarget(`out/artists-${this.interval}.tsv`);
  }
  override async run() {
    const plays = new Map<string, number>();
    for (const day of this.input()) await addPlays(plays, day);
    await this.output().writeLines(Array.from(plays, (row) => row.join("\t")));
  }
}

/** The artists that were played most. */
export class TopArtists extends Task.with({ interval: p.dateInterval(), top: p.int({ default: 3 }) }) {
  override requires() {
    return new ArtistPlays({ interval: this.interval });
  }
  override output() {
    return new LocalTarget(`out/top-${this.top}-${this.interval}.tsv`);
  }
  override async run() {
    const rows: [artist: string, plays: number][] = [];
    for await (const line of this.input().readLines()) {
      const [artist = "", plays] = line.split("\t");
      rows.push([artist, Number(plays)]);
    }
    rows.sort(([, a], [, b]) => b - a);
    await this.output().writeLines(rows.slice(0, this.top).map((row) => row.join("\t")));
  }
}

async function addPlays(plays: Map<string, number>, day: LocalTarget): Promise<void> {
  for await (const line of day.readLines()) {
    const [artist = ""] = line.split("\t");
    plays.set(artist, (plays.get(artist) ?? 0) + 1);
  }
}
