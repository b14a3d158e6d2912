import { ExternalTask, p } from "leat";
import { FtpTarget } from "@leat/ftp";
import { MysqlCopyToTable } from "@leat/mysql";

const connection = process.env["FTP_URL"] ?? "ftpes://localhost";

/** The price list of a supplier: `number;price in cents;name`, a line for each product. */
export class PriceList extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new FtpTarget(`prices-${this.date}.txt`, { connection });
  }
}

/** Puts the prices of a day over those that are known: each product keeps one row. */
export class LoadPrices extends MysqlCopyToTable.with({ date: p.date() }) {
  override readonly table = "prices";
  override readonly columns = [
    ["product", "varchar(20)"],
    ["price", "decimal(10, 2)"],
    ["name", "varchar(200)"],
    ["valid_from", "date"],
  ] as const;
  override readonly mode = { upsertBy: ["product"] };

  override requires() {
    return new PriceList({ date: this.date });
  }

  override async *rows() {
    for await (const line of this.input().readLines()) {
      const [product, cents, name] = line.split(";");
      yield [product, (Number(cents) / 100).toFixed(2), name, String(this.date)];
    }
  }
}
