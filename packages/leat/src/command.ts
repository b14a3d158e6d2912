import type { Flag } from "./flags.ts";

/** What a command does. */
export interface Program {
  /** Flags that are its own, besides those of every command. */
  readonly flags: readonly Flag[];
  /** Carries out the command with what stands after its name. Resolves to the exit code. @throws UsageError */
  execute(args: readonly string[]): Promise<number>;
}

/** One word after `leat`. */
export interface Command {
  readonly name: string;
  /** What stands after the name: `MODULE TASK [--param value …]`. */
  readonly usage: string;
  /** One sentence. */
  readonly description: string;
  /** Loads it when it is used: to start fast is to load little. */
  readonly load: () => Promise<Program>;
}
