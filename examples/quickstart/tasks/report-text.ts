import { bar, count, dollars, millions, share, table } from "./markdown.ts";

/** Strikes of one group, such as the dimension `size` and the name `Large`. Costs are in dollars. */
export interface Sum {
  readonly dimension: string;
  readonly name: string;
  readonly strikes: number;
  /** Strikes with damage. */
  readonly damaging: number;
  /** Strikes whose report states a cost. */
  readonly priced: number;
  readonly cost: number;
  readonly highestCost: number;
}

/** What became of the rows of one input. */
export interface Account {
  readonly title: string;
  readonly read: number;
  readonly loaded: number;
  readonly rejected: readonly Rejected[];
}

interface Rejected {
  readonly reason: string;
  /** In dollars, for rows that have one. */
  readonly cost?: string;
}

const SHOWN_SPECIES = 8;
const SHOWN_AIRPORTS = 10;

/** The report in Markdown. `version` says what it was made of. */
export function reportText(sums: readonly Sum[], accounts: readonly Account[], version: string): string {
  const [all] = group(sums, "all");
  if (all === undefined) throw new Error("There are no strikes to report on.");
  const parts = [
    "# What animals do to aircraft",
    `Strikes at ${group(sums, "airport").length} airports of the United States, as reported to the Federal Aviation Administration, 1990 to 2002.`,
    findings(sums, all).join("\n"),
    "## By size",
    costTable("Size", group(sums, "size"), all),
    "## The animals that cost most, where they were recognised",
    costTable("Animal", recognised(sums).slice(0, SHOWN_SPECIES), all),
    "## By month",
    monthTable(sums),
    "## The airports with the highest costs",
    airportTable(sums),
    "## Left out",
    rejectionTable(accounts),
    accounts.map(equation).join("\n"),
    `Made of the data of ${version}.`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The groups of a dimension, those with the highest cost first. */
function group(sums: readonly Sum[], dimension: string): readonly Sum[] {
  return sums.filter((sum) => sum.dimension === dimension).toSorted((a, b) => b.cost - a.cost);
}

function findings(sums: readonly Sum[], all: Sum): string[] {
  const [costliest, cheapest] = ends(group(sums, "size"), ({ cost }) => cost);
  const [animal] = recognised(sums) as [Sum];
  const [busiest] = ends(group(sums, "month"), ({ strikes }) => strikes);
  const [hardest, mildest] = ends(group(sums, "month"), damageRate);
  const [unlucky] = ends(group(sums, "airport"), ({ highestCost }) => highestCost);
  return [
    `- **One strike in ${Math.round(all.strikes / all.damaging)} did damage**: ${count(all.damaging)} of ${count(all.strikes)}.`,
    `- **They cost ${millions(all.cost)} or more.** Only ${count(all.priced)} reports (${share(all.priced, all.strikes)}) state a cost.`,
    `- **Size decides.** ${costliest.name} animals are ${share(costliest.strikes, all.strikes)} of the strikes and ${share(costliest.cost, all.cost)} of the cost; ${share(costliest.damaging, costliest.strikes)} of them did damage, of the ${cheapest.name.toLowerCase()} ones ${share(cheapest.damaging, cheapest.strikes)}.`,
    `- **${animal.name}** is the costliest animal that was recognised: ${count(animal.strikes)} strikes, ${millions(animal.cost)}, ${share(animal.cost, all.cost)} of the cost.`,
    `- **Most strikes come in ${month(busiest)}, the hardest in ${month(hardest)}**: ${share(hardest.damaging, hardest.strikes)} of them did damage, in ${month(mildest)} ${share(mildest.damaging, mildest.strikes)}.`,
    `- **A single strike, at ${unlucky.name}, made ${share(unlucky.highestCost, all.cost)} of the cost.** So do not read much into the ranks of airports.`,
  ];
}

/** Those with the highest and the lowest value. */
function ends(groups: readonly Sum[], value: (sum: Sum) => number): readonly [Sum, Sum] {
  const sorted = groups.toSorted((a, b) => value(b) - value(a));
  return [sorted[0] as Sum, sorted.at(-1) as Sum];
}

function damageRate({ damaging, strikes }: Sum): number {
  return damaging / strikes;
}

/** Species other than `Unknown bird` of some size. */
function recognised(sums: readonly Sum[]): readonly Sum[] {
  return group(sums, "species").filter(({ name }) => !name.startsWith("Unknown"));
}

function month({ name }: Sum): string {
  return new Date(Date.UTC(2000, Number(name) - 1)).toLocaleString("en-US", {
    month: "long",
    timeZone: "UTC",
  });
}

function costTable(title: string, groups: readonly Sum[], all: Sum): string {
  return table(
    [title, "Strikes", "With damage", "Share", "Cost", "Of all costs"],
    groups.map((sum) => [...strikeCells(sum), dollars(sum.cost), share(sum.cost, all.cost)]),
  );
}

function monthTable(sums: readonly Sum[]): string {
  const months = group(sums, "month").toSorted((a, b) => Number(a.name) - Number(b.name));
  const highest = Math.max(...months.map(({ strikes }) => strikes));
  return table(
    ["Month", "Strikes", "With damage", "Share", "Strikes"],
    months.map((sum) => [...strikeCells({ ...sum, name: month(sum) }), bar(sum.strikes, highest)]),
    ["left", "right", "right", "right", "left"],
  );
}

function airportTable(sums: readonly Sum[]): string {
  return table(
    ["Airport", "Strikes", "With damage", "Share", "Cost", "In one strike"],
    group(sums, "airport")
      .slice(0, SHOWN_AIRPORTS)
      .map((sum) => [...strikeCells(sum), dollars(sum.cost), share(sum.highestCost, sum.cost)]),
  );
}

function strikeCells(sum: Sum): string[] {
  return [sum.name, count(sum.strikes), count(sum.damaging), share(sum.damaging, sum.strikes)];
}

function rejectionTable(accounts: readonly Account[]): string {
  const rows = accounts.flatMap(({ title, rejected }) =>
    byReason(rejected).map(([reason, rows]) => [`${title}: ${reason}`, count(rows.length), statedCost(rows)]),
  );
  return table(["Reason", "Rows", "Cost"], rows);
}

function statedCost(rows: readonly Rejected[]): string {
  const costs = rows.flatMap(({ cost }) => (cost === undefined ? [] : [Number(cost)]));
  return costs.length === 0 ? "" : dollars(costs.reduce((sum, cost) => sum + cost));
}

/** The rows of each reason, the most frequent one first. */
function byReason(rejected: readonly Rejected[]): readonly (readonly [string, readonly Rejected[]])[] {
  const reasons = [...new Set(rejected.map(({ reason }) => reason))];
  return reasons
    .map((reason) => [reason, rejected.filter((row) => row.reason === reason)] as const)
    .toSorted(([, a], [, b]) => b.length - a.length);
}

function equation({ title, read, loaded, rejected }: Account): string {
  return `- ${title}: ${count(read)} read = ${count(loaded)} loaded + ${count(rejected.length)} left out.`;
}
