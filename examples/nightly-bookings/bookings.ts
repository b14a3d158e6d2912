import { ExternalTask, LocalTarget, p } from "leat";
import { PostgresCopyToTable, PostgresQuery, type Sql } from "@leat/postgres";
import { SftpTarget } from "@leat/sftp";
import { box, partner } from "./partner.ts";

/** What the partner puts there in the night after: `id,amount`, with a header. */
export class BookingsFile extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new SftpTarget(`${box}/bookings-${this.date}.csv`, { connection: partner });
  }
}

/** The bookings of a day. Doing it again replaces the day; bad rows are put aside, up to a limit. */
export class Bookings extends PostgresCopyToTable.with({ date: p.date() }) {
  override readonly table = "bookings";
  override readonly columns = [
    ["day", "date"],
    ["id", "bigint"],
    ["amount", "numeric(12, 2)"],
  ] as const;
  override readonly mode = { replaceWhere: { day: this.date } };
  override readonly rejects = { target: new LocalTarget(`rejected/${this.date}.jsonl`), limit: 2 };

  override requires() {
    return new BookingsFile({ date: this.date });
  }

  override async *rows() {
    let isHeader = true;
    for await (const line of this.input().readLines()) {
      if (!isHeader) yield [this.date, ...line.split(",")];
      isHeader = false;
    }
  }
}

/** One row a day, made anew whenever the bookings of the day are. */
export class Totals extends PostgresQuery.with({ date: p.date() }) {
  override readonly table = "totals";

  override requires() {
    return new Bookings({ date: this.date });
  }

  override async query(sql: Sql) {
    await sql.query("create table if not exists totals (day date primary key, bookings int, amount numeric)");
    await sql.query("delete from totals where day = $1", [`${this.date}`]);
    await sql.query(
      "insert into totals select day, count(*), sum(amount) from bookings where day = $1 group by day",
      [`${this.date}`],
    );
  }
}
