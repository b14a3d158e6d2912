import { ConfigTask, LocalTarget, p, Task } from "leat";

/** Settings that many tasks share. None of them is a parameter of those tasks, so none is part of their ids. */
export class Company extends ConfigTask.with({
  name: p.string(),
  currency: p.string({ default: "SEK" }),
}) {}

export class Invoice extends Task.with({ number: p.int(), amount: p.int() }) {
  override output() {
    return new LocalTarget(`out/invoice-${this.number}.txt`);
  }
  override async run() {
    const { name, currency } = new Company();
    await this.output().writeText(`${name}\nInvoice ${this.number}: ${this.amount} ${currency}\n`);
  }
}
