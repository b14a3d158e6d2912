import { p, Task } from "leat";
import { type CsvRow, readCsv } from "./csv.ts";
import { made } from "./files.ts";
import { AirportList, AirportNames, StrikeReports } from "./inputs.ts";
import { type Rule, sift } from "./sift.ts";

/** The years that the reports are of. */
export const YEARS = Array.from({ length: 13 }, (_, index) => 1990 + index);

/** The columns to keep, and what they are called in the file of reports. */
const NAMES = {
  date: "Flight Date",
  airport: "Airport Name",
  aircraft: "Aircraft Make Model",
  operator: "Aircraft Airline Operator",
  species: "Wildlife Species",
  size: "Wildlife Size",
  phase: "Phase of flight",
  time_of_day: "Time of day",
  damage: "Effect Amount of damage",
  speed_knots: "Speed IAS in knots",
  repair_cost: "Cost Repair",
  cost: "Cost Total $",
} as const;

type Column = keyof typeof NAMES;
type Strike = CsvRow<Column>;
type RawReport = CsvRow<(typeof NAMES)[Column]>;

const COLUMNS = Object.keys(NAMES) as Column[];
const DAMAGES = ["None", "Minor", "Medium", "Substantial"];
const STANDING = ["Parked", "Taxi"];

/** The strikes of one year, with codes for the names of airports, and the reports that cannot be right. */
export class CleanStrikes extends Task.with({ year: p.int({ description: "Year of the strikes." }) }) {
  override requires() {
    return { reports: new StrikeReports(), names: new AirportNames(), airports: new AirportList() };
  }

  override output() {
    return {
      kept: made(`clean/strikes-${this.year}.csv`),
      rejected: made(`rejected/strikes-${this.year}.csv`),
    };
  }

  override async run() {
    const { reports, names, airports } = this.input();
    const codes = new Map((await readCsv(names, ["name", "iata"])).map(({ name, iata }) => [name, iata]));
    const known = new Set((await readCsv(airports, ["iata"])).map(({ iata }) => iata));
    const strikes = (await readCsv(reports, Object.values(NAMES)))
      .filter((report) => report["Flight Date"].startsWith(`${this.year}-`))
      .map((report) => toStrike(report, codes));
    await sift(strikes, rules(known), COLUMNS, this.output());
  }
}

function toStrike(report: RawReport, codes: ReadonlyMap<string, string>): Strike {
  const values = COLUMNS.map((column) => [column, report[NAMES[column]].trim()]);
  const strike = { ...(Object.fromEntries(values) as Strike), line: report.line };
  return {
    ...strike,
    airport: codes.get(strike.airport) ?? strike.airport,
    // The asterisk leads to a footnote that is not in the file.
    operator: strike.operator.replace(/\*$/, ""),
  };
}

function rules(knownAirports: ReadonlySet<string>): readonly Rule<Strike>[] {
  const seen = new Set<string>();
  return [
    { reason: "airport is not in the list", applies: ({ airport }) => !knownAirports.has(airport) },
    { reason: "copy of another report", applies: (strike) => isRepeated(strike, seen) },
    { reason: "damage is not on the FAA's scale", applies: ({ damage }) => !DAMAGES.includes(damage) },
    {
      reason: "repairs without damage",
      applies: ({ damage, repair_cost }) => damage === "None" && repair_cost !== "0",
    },
    {
      reason: "moving at 0 knots",
      applies: ({ speed_knots, phase }) => speed_knots === "0" && !STANDING.includes(phase),
    },
  ];
}

/** Whether a report that says the same was seen before; from now on it was. */
function isRepeated(strike: Strike, seen: Set<string>): boolean {
  const before = seen.size;
  return seen.add(JSON.stringify({ ...strike, line: "" })).size === before;
}
