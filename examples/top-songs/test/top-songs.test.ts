import { afterAll, expect, it } from "vitest";
import { asShown, ExampleRun } from "../../../test/support/readme-commands.ts";

const example = new ExampleRun("top-songs");
afterAll(() => example.remove());

it("the commands of the README print what it shows", async () => {
  const steps = await example.readme();
  expect(steps).toMatchObject(asShown(steps));
});

it("the totals are those of the plays themselves", () => {
  const days = ["16", "17", "18", "19", "20", "21", "22"];
  const plays = days.flatMap((day) => example.read(`out/streams/2026-11-${day}.tsv`).trim().split("\n"));
  const artists = plays.map((play) => play.split("\t")[0]);
  const totals = [...new Set(artists)].map((artist) => [
    artist,
    artists.filter((other) => other === artist).length,
  ]);
  const listed = example
    .read("out/artists-2026-W47.tsv")
    .trim()
    .split("\n")
    .map((row) => row.split("\t"));
  expect(plays).toHaveLength(7000);
  expect(listed.map(([artist, count]) => [artist, Number(count)])).toEqual(totals);
});
