/** A program to start, as it goes to the launcher. */
export interface ProgramCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** How a program ended. */
export interface ProgramEnd {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What this process says to its launcher. `id` names a program, unlike any other of the same launcher. */
export type ToLauncher =
  | StartMessage
  | { readonly type: "end"; readonly id: number; readonly killAfterMs: number };

export interface StartMessage extends Omit<ProgramCommand, "environment"> {
  readonly type: "start";
  readonly id: number;
  /** As JSON. Absent: that of the program before, as most have the same. */
  readonly environment?: string;
}

/** What a launcher answers: `notStarted`, or first `started` and then `ended`. */
export type FromLauncher =
  | { readonly type: "started"; readonly id: number; readonly pid: number }
  | { readonly type: "notStarted"; readonly id: number; readonly code: string; readonly message: string }
  | ({ readonly type: "ended"; readonly id: number } & ProgramEnd);

export type OutputName = "stdout" | "stderr";

/** Length of what the launcher writes into a connection before a program does. */
export const HEADER_LENGTH = 15;

/** Tells which output of which program a connection carries. */
export function headerOf(id: number, name: OutputName): string {
  return `${String(id).padStart(HEADER_LENGTH - name.length)}${name}`;
}
