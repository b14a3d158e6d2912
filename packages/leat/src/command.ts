/** One word after `leat` and what it does. */
export interface Command {
  readonly name: string;
  /** What stands after the name: `MODULE TASK [--param value …]`. */
  readonly usage: string;
  /** One sentence. */
  readonly description: string;
  /** Carries out the command. Resolves to the exit code. @throws UsageError */
  execute(args: readonly string[]): Promise<number>;
}
