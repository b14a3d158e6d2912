import { LeatError } from "@leat/core";
import type { ProgramEnd } from "./launcher-messages.ts";

export type ProgramErrorCode = "PROGRAM_FAILED" | "PROGRAM_NOT_STARTED";

/**
 * A program ended with a code that is no success, or could not be started. The message has the last lines that it wrote, and
 * neither its arguments nor its environment: both may hold secrets.
 */
export class ProgramError extends LeatError {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;

  private constructor(code: ProgramErrorCode, message: string, end: ProgramEnd, cause?: unknown) {
    super(code, message, { cause });
    this.exitCode = end.exitCode;
    this.signal = end.signal;
  }

  static failed(program: string, end: ProgramEnd, lastLines: readonly string[]): ProgramError {
    const how = end.signal === null ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
    const said = lastLines.length === 0 ? " It wrote nothing." : ` It last wrote:\n${lastLines.join("\n")}`;
    return new ProgramError("PROGRAM_FAILED", `The program ${program} ended with ${how}.${said}`, end);
  }

  static notStarted(program: string, cause: NodeJS.ErrnoException): ProgramError {
    const message = `The program ${program} could not be started: ${reasonOf(cause)}.`;
    return new ProgramError("PROGRAM_NOT_STARTED", message, { exitCode: null, signal: null }, cause);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT")
    return "there is no such program or working directory; give its path, or add its folder to PATH";
  if (code === "EACCES") return "it is not executable, or this account may not run it";
  if (code === "E2BIG")
    return "its arguments and environment are too long together; pass long lists in a file";
  return message;
}
