import { type FileTarget, type RunContext, Task } from "@leat/core";
import { capturedLog, type ProgramLog, streamedLog } from "./program-log.ts";
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

  /** Where stdout goes, whole or not at all. Default: to the log. */
  programOutput(): FileTarget | undefined {
    return undefined;
  }

  /** Whether the log gets the output in one piece at the end, the last 1 MiB of it, instead of each line as it comes. Default false. */
  get captureOutput(): boolean {
    return false;
  }

  /** With `captureOutput`: whether the log gets stderr also of a program that succeeded. Default true. */
  get alwaysLogStderr(): boolean {
    return true;
  }

  /**
   * What in a line of the output tells where to watch the program: its first group goes to `buildTrackingUrl`. A line of
   * `programOutput` is not searched. Default: nothing does.
   */
  get trackingUrlPattern(): RegExp | undefined {
    return undefined;
  }

  /** The URL for what the pattern found. Default: that itself. */
  buildTrackingUrl(found: string): string {
    return found;
  }

  /** Time that the program has to end when the attempt is stopped, in seconds, until it is killed. Default 5. */
  get killAfterSeconds(): number {
    return 5;
  }

  /** What the log says of the command. Override it when an argument is secret. Default: the arguments. */
  shownArgs(): readonly string[] {
    return this.programArgs();
  }

  override async run({ log, signal, trackingUrl }: RunContext): Promise<void> {
    log.info(`runs ${this.shownArgs().map(quoted).join(" ")}`);
    const search = this.#trackingUrlSearch(trackingUrl);
    const said = this.captureOutput ? capturedLog(log, this.alwaysLogStderr) : streamedLog(log);
    const options: ProgramOptions = {
      environment: this.programEnvironment(),
      workingDirectory: this.workingDirectory,
      successCodes: this.successCodes,
      output: this.programOutput(),
      onLine: (line, stream) => {
        said.take(line, stream);
        search(line);
      },
      signal,
      killAfterSeconds: this.killAfterSeconds,
    };
    await logged(runProgram(this.programArgs(), options), said);
  }

  #trackingUrlSearch(report: RunContext["trackingUrl"]): (line: string) => void {
    const { trackingUrlPattern: pattern } = this;
    if (pattern === undefined) return () => undefined;
    // A pattern that goes on where it stopped would leave out what stands at the beginning of the next line.
    const anywhere = new RegExp(pattern, pattern.flags.replaceAll(/[gy]/g, ""));
    return (line) => {
      const found = anywhere.exec(line)?.[1];
      if (found !== undefined) report(this.buildTrackingUrl(found));
    };
  }
}

async function logged(running: Promise<unknown>, said: ProgramLog): Promise<void> {
  try {
    await running;
    said.end(true);
  } catch (error) {
    said.end(false);
    throw error;
  }
}

function quoted(arg: string): string {
  return /[\s"]|^$/.test(arg) ? JSON.stringify(arg) : arg;
}
