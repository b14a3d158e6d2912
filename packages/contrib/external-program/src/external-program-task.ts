import { type FileTarget, type RunContext, Task } from "@leat/core";
import { type ProgramOptions, runProgram } from "./run-program.ts";

/**
 * A task that runs a program. Say which one with `programArgs`; give `programOutput` when what it writes to stdout is the
 * output of the task.
 */
export abstract class ExternalProgramTask extends Task {
  /** The program and its arguments. No shell takes them apart: `*`, `$HOME` and `;` are only characters. */
  abstract programArgs(): readonly string[];

  /** The whole environment of the program. Default: that of this process. */
  programEnvironment(): Readonly<Record<string, string | undefined>> {
    return process.env;
  }

  /** Default: that of this process. */
  get workingDirectory(): string | undefined {
    return undefined;
  }

  /** Exit codes that mean success. Default 0 alone. */
  get successCodes(): readonly number[] {
    return [0];
  }

  /** Where stdout goes, whole or not at all. Default: its lines go to the log. */
  programOutput(): FileTarget | undefined {
    return undefined;
  }

  /** What the log says of the command. Override it when an argument is secret. Default: the arguments. */
  shownArgs(): readonly string[] {
    return this.programArgs();
  }

  override async run({ log, signal }: RunContext): Promise<void> {
    log.info(`runs ${this.shownArgs().map(quoted).join(" ")}`);
    const options: ProgramOptions = {
      environment: this.programEnvironment(),
      workingDirectory: this.workingDirectory,
      successCodes: this.successCodes,
      output: this.programOutput(),
      onLine: (line, stream) => log.info(`${stream}: ${line}`),
      signal,
    };
    await runProgram(this.programArgs(), options);
  }
}

function quoted(arg: string): string {
  return /[\s"]|^$/.test(arg) ? JSON.stringify(arg) : arg;
}
