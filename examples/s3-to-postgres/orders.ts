import { p, WrapperTask } from "leat";
import { csvFile, PostgresCopyToTable } from "@leat/postgres";
import { S3PathTask } from "@leat/s3";

/** The orders of one day, which the shop writes to a bucket as CSV: they go into the table as they are. */
export class LoadOrders extends PostgresCopyToTable.with({ date: p.date(), bucket: p.string() }) {
  override readonly table = "orders";
  override readonly columns = [
    ["day", "date"],
    ["number", "bigint"],
    ["customer", "text"],
    ["amount", "numeric(12, 2)"],
  ] as const;

  override requires() {
    return new S3PathTask({ path: `s3://${this.bucket}/orders/${this.date}.csv` });
  }

  /** The file streams from the bucket to the database; no row of it becomes an object here. */
  override rows() {
    return csvFile(this.input(), { header: true });
  }
}

/** The orders of some days. */
export class Orders extends WrapperTask.with({ days: p.dateInterval(), bucket: p.string() }) {
  override requires() {
    return this.days.dates().map((date) => new LoadOrders({ date, bucket: this.bucket }));
  }
}
