import { flattenOutputs, type LocalTarget, type RunContext, Task } from "leat";
import { runProgram } from "@leat/external-program";

/** A file that a program makes from others. As in make, it is made again when one of those is newer. */
export abstract class Made extends Task {
  abstract override output(): LocalTarget;

  /** The program that makes the file at a path. */
  abstract command(path: string): readonly string[];

  override async complete(): Promise<boolean> {
    const sources = flattenOutputs(this.input(), this) as LocalTarget[];
    const [madeAt, ...sourcesAt] = await Promise.all([this.output(), ...sources].map(modifiedAt));
    return madeAt !== undefined && sourcesAt.every((at) => at !== undefined && at <= madeAt);
  }

  override async run({ log, signal }: RunContext): Promise<void> {
    await this.output().remove();
    await this.output().withTemporaryPath((path) =>
      runProgram(this.command(path), { signal, onLine: (line) => log.info(line) }),
    );
  }
}

async function modifiedAt(file: LocalTarget): Promise<number | undefined> {
  return (await file.fileSystem.stat(file.path))?.modifiedAt;
}
