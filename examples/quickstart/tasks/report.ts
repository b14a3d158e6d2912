import { PostgresTableTarget } from "@leat/postgres";
import { type CompletionCheck, type FileTarget, Task } from "leat";
import { CleanAirports } from "./clean-airports.ts";
import { CleanStrikes, YEARS } from "./clean-strikes.ts";
import { readCsv } from "./csv.ts";
import { made } from "./files.ts";
import { AirportList, StrikeReports } from "./inputs.ts";
import { type Account, reportText, type Sum } from "./report-text.ts";
import { SumStrikes } from "./sum-strikes.ts";
import { areComplete } from "./together.ts";

/** What the strikes tell, for people. */
export class Report extends Task {
  override requires() {
    return {
      reports: new StrikeReports(),
      strikes: YEARS.map((year) => new CleanStrikes({ year })),
      list: new AirportList(),
      airports: new CleanAirports(),
      sums: new SumStrikes(),
    };
  }

  override output() {
    return made("report.md");
  }

  /** The report says in its last line what it was made of. */
  override async complete(check?: CompletionCheck) {
    if (!(await super.complete()) || !(await areComplete(this, check))) return false;
    return (await this.output().readText()).includes(this.requires().sums.version);
  }

  override async run() {
    const { reports, strikes, list, airports } = this.input();
    const sums = await readSums();
    const rejectedStrikes = strikes.map(async ({ rejected }) => readCsv(rejected, ["reason", "cost"]));
    const accounts = [
      balance({
        title: "Reports",
        read: await countRows(reports),
        loaded: sums.find(({ dimension }) => dimension === "all")?.strikes ?? 0,
        rejected: (await Promise.all(rejectedStrikes)).flat(),
      }),
      balance({
        title: "Airports",
        read: await countRows(list),
        loaded: await countLoaded("quickstart_airports"),
        rejected: await readCsv(airports.rejected, ["reason"]),
      }),
    ];
    await this.output().writeText(reportText(sums, accounts, this.requires().sums.version));
  }
}

/** Refuses to report while rows are neither loaded nor rejected. */
function balance(account: Account): Account {
  const lost = account.read - account.loaded - account.rejected.length;
  if (lost === 0) return account;
  throw new Error(`${lost} of ${account.read} ${account.title} are neither loaded nor rejected.`);
}

async function readSums(): Promise<readonly Sum[]> {
  const columns = ["dimension", "name", "strikes", "damaging", "priced", "cost", "highest_cost"];
  const sums: Sum[] = [];
  for await (const row of new PostgresTableTarget("quickstart_sums").readRows({ columns })) {
    const [dimension, name, strikes, damaging, priced, cost, highestCost] = row as SumRow;
    sums.push({ dimension, name, strikes, damaging, priced, cost, highestCost });
  }
  return sums;
}

type SumRow = readonly [string, string, number, number, number, number, number];

async function countRows(file: FileTarget): Promise<number> {
  return (await readCsv(file, [])).length;
}

async function countLoaded(table: string): Promise<number> {
  let count = 0;
  for await (const batch of new PostgresTableTarget(table).readBatches()) count += batch.length;
  return count;
}
