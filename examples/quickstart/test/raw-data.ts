import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** One report, from the fields of its line: the file has no quotes. Costs are in dollars. */
export interface Strike {
  readonly airport: string;
  readonly damage: string;
  readonly month: number;
  readonly phase: string;
  readonly size: string;
  readonly species: string;
  readonly repairs: number;
  readonly cost: number;
  readonly knots: string;
}

const DATA = join(createRequire(import.meta.url).resolve("vega-datasets"), "../../data");
const NAMES = new URL("../data/faa-airport-names.csv", import.meta.url);

/** The lines of a file of vega-datasets; the first has the names. */
export function rawLines(name: string): readonly string[] {
  return linesOf(join(DATA, name));
}

/** The good strikes, and the number of the others by reason, worked out without the code of the tasks. */
export function siftRawStrikes() {
  const codes = new Map(linesOf(NAMES).map((line) => line.split(",") as [string, string]));
  const listed = new Set(rawLines("airports.csv").map((line) => line.split(",")[0]));
  const lines = rawLines("birdstrikes.csv").slice(1);
  const good: Strike[] = [];
  const leftOut = new Map<string, number>();
  lines.forEach((line, index) => {
    const strike = parse(line, codes);
    const isCopy = lines.indexOf(line) < index;
    const reason = listed.has(strike.airport) ? reasonAgainst(strike, isCopy) : "airport is not in the list";
    if (reason === undefined) good.push(strike);
    else leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  });
  return { good, leftOut };
}

export function sum(strikes: readonly Strike[]) {
  return {
    strikes: strikes.length,
    damaging: strikes.filter(({ damage }) => damage !== "None").length,
    cost: strikes.reduce((total, { cost }) => total + cost, 0),
  };
}

function parse(line: string, codes: ReadonlyMap<string, string>): Strike {
  const fields = line.split(",");
  const [name = "", , damage = "", date = "", , , phase = "", size = "", species = ""] = fields;
  const [repairs = "", cost = "", knots = ""] = fields.slice(-3);
  return {
    airport: codes.get(name) ?? "",
    month: Number(date.split("-")[1]),
    damage,
    phase,
    size,
    species,
    knots,
    repairs: Number(repairs),
    cost: Number(cost),
  };
}

function reasonAgainst({ damage, repairs, knots, phase }: Strike, isCopy: boolean): string | undefined {
  if (isCopy) return "copy of another report";
  if (!/^(None|Minor|Medium|Substantial)$/.test(damage)) return "damage is not on the FAA's scale";
  if (damage === "None" && repairs !== 0) return "repairs without damage";
  return knots === "0" && !/^(Parked|Taxi)$/.test(phase) ? "moving at 0 knots" : undefined;
}

function linesOf(path: string | URL): readonly string[] {
  return readFileSync(path, "utf8").trim().split(/\r?\n/);
}
