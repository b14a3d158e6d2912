import { LocalTarget, p, Task } from "leat";

const SONGS: readonly (readonly [artist: string, song: string])[] = [
  ["ABBA", "Waterloo"],
  ["ABBA", "Fernando"],
  ["Robyn", "Dancing On My Own"],
  ["Oliver", "Cesarica"],
  ["Bajaga", "Plavi safir"],
];

/** Produces what was played on a day: a line for each play, with artist and song. */
export class Streams extends Task.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(`out/streams/${this.date}.tsv`);
  }
  override async run() {
    // Numbers that look random and are the same each time.
    let state = this.date.dayOfYear;
    const plays = Array.from({ length: 1000 }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return SONGS[Math.min(state % 7, state % 5)] ?? SONGS[0];
    });
    await this.output().writeLines(plays.map((play) => play?.join("\t") ?? ""));
  }
}
