import { ExternalTask, LocalTarget, p, Task } from "leat";

/** Where the files are. Each task has it as a parameter, so that a test can use a folder of its own. */
const folder = { folder: p.string({ default: "." }) };

/** What somebody else makes: a sale in each line, with a product and an amount. */
export class Sales extends ExternalTask.with({ date: p.date(), ...folder }) {
  override output() {
    return new LocalTarget(`${this.folder}/sales-${this.date}.tsv`);
  }
}

/** How much each product sold. */
export class Report extends Task.with({ date: p.date(), ...folder }) {
  override requires() {
    return new Sales({ date: this.date, folder: this.folder });
  }

  override output() {
    return new LocalTarget(`${this.folder}/out/report-${this.date}.tsv`);
  }

  override async run() {
    const totals = new Map<string, number>();
    for await (const line of this.input().readLines()) {
      const [product = "", amount] = line.split("\t");
      totals.set(product, (totals.get(product) ?? 0) + Number(amount));
    }
    const rows = [...totals].sort(([, one], [, other]) => other - one);
    // The file appears whole, or not at all.
    await this.output().writeLines(rows.map((row) => row.join("\t")));
  }
}
