import { Task } from "@leat/core";

/** What `etl.Songs` is in `luigi_tasks.py`: something to name in parameters. */
class Songs extends Task {
  static override readonly namespace: string = "etl";
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

export const songs = Songs;
