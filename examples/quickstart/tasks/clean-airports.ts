import { Task } from "leat";
import { type CsvRow, readCsv } from "./csv.ts";
import { made } from "./files.ts";
import { AirportList } from "./inputs.ts";
import { type Rule, sift } from "./sift.ts";

const COLUMNS = ["iata", "name", "city", "state", "latitude", "longitude"] as const;
type Airport = CsvRow<(typeof COLUMNS)[number]>;

/** Guam and the Northern Mariana Islands lie east of Greenwich. */
const EASTERN = ["GU", "CQ"];

const RULES: readonly Rule<Airport>[] = [
  { reason: "no city or state", applies: ({ city, state }) => city === "NA" || state === "NA" },
  {
    reason: "longitude has the wrong sign",
    applies: ({ state, longitude }) => EASTERN.includes(state) && Number(longitude) < 0,
  },
];

/** The airports whose place is known, and the others. */
export class CleanAirports extends Task {
  override requires() {
    return new AirportList();
  }

  override output() {
    return { kept: made("clean/airports.csv"), rejected: made("rejected/airports.csv") };
  }

  override async run() {
    const airports = await readCsv(this.input(), COLUMNS);
    await sift(airports, RULES, COLUMNS, this.output());
  }
}
