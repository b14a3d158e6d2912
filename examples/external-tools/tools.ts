import { ExternalProgramTask, runProgram } from "@leat/external-program";
import { ExternalTask, gzip, LocalTarget, p, type RunContext, Task } from "leat";

/** What a web server wrote in a day. */
export class AccessLog extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new LocalTarget(`in/access-${this.date}.log`);
  }
}

/** Addresses, sorted by `sort`, whose stdout is the output: the file is there when `sort` has succeeded. */
export class Visits extends ExternalProgramTask.with({ date: p.date() }) {
  override requires() {
    return new AccessLog({ date: this.date });
  }
  override output() {
    return new LocalTarget(`out/visits-${this.date}.txt`);
  }
  override programArgs() {
    return ["sort", "--key=1,1", "--stable", String(this.input())];
  }
  override programEnvironment() {
    // The same order on every machine.
    return { PATH: process.env["PATH"], LC_ALL: "C" };
  }
  override programOutput() {
    return this.output();
  }
}

/** Lines that speak of errors. grep ends with 1 when there are none, which is no failure here. */
export class Errors extends ExternalProgramTask.with({ date: p.date() }) {
  override requires() {
    return new AccessLog({ date: this.date });
  }
  override output() {
    return new LocalTarget(`out/errors-${this.date}.txt`);
  }
  override programArgs() {
    return ["grep", "--extended-regexp", " 5[0-9]{2}$", String(this.input())];
  }
  override get successCodes() {
    return [0, 1];
  }
  override programOutput() {
    return this.output();
  }
}

/** Counts visits of each address with awk, and compresses what it writes on its way into the file. */
export class Report extends Task.with({ date: p.date() }) {
  override requires() {
    return { visits: new Visits({ date: this.date }), errors: new Errors({ date: this.date }) };
  }
  override output() {
    return new LocalTarget(`out/report-${this.date}.txt.gz`, { format: gzip() });
  }
  override async run({ log, signal }: RunContext) {
    const { visits, errors } = this.input();
    const program = '{ count[$1]++ } END { for (address in count) print address, count[address] | "sort" }';
    await runProgram(["awk", program, String(visits)], {
      signal,
      output: this.output(),
      onLine: (line) => log.warn(line),
    });
    log.info(`${(await errors.readText()).split("\n").length - 1} errors`);
  }
}
