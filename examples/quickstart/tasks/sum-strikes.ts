import { PostgresQuery, type Sql } from "@leat/postgres";
import type { CompletionCheck } from "leat";
import { YEARS } from "./clean-strikes.ts";
import { newest } from "./files.ts";
import { LoadAirports } from "./load-airports.ts";
import { LoadStrikes } from "./load-strikes.ts";
import { areComplete } from "./together.ts";

/** Each strike counts in one group of every dimension. */
const SUMS = `
  select dimension, groups.name,
    count(*)::int as strikes,
    (count(*) filter (where damage <> 'None'))::int as damaging,
    (count(*) filter (where cost > 0))::int as priced,
    sum(cost)::int as cost,
    max(cost)::int as highest_cost
  from quickstart_strikes
  join quickstart_airports on iata = airport,
  lateral (values
    ('all', 'all'),
    ('size', size),
    ('species', species),
    ('month', to_char(date, 'MM')),
    ('airport', format('%s, %s (%s)', city, state, iata))
  ) as groups (dimension, name)
  group by dimension, groups.name`;

/** Strikes, damage and costs by size, species, month and airport. */
export class SumStrikes extends PostgresQuery {
  override readonly table = "quickstart_sums";

  override requires() {
    return { airports: new LoadAirports(), strikes: YEARS.map((year) => new LoadStrikes({ year })) };
  }

  /** The newest of what was loaded. */
  get version(): string {
    const { airports, strikes } = this.requires();
    return newest([airports, ...strikes].map((load) => load.version));
  }

  override get updateId(): string {
    return `${this.id} of ${this.version}`;
  }

  override async complete(check?: CompletionCheck) {
    return (await super.complete()) && (await areComplete(this, check));
  }

  override async query(sql: Sql) {
    await sql.query(`drop table if exists ${this.table}`);
    await sql.query(`create table ${this.table} as ${SUMS}`);
  }
}
