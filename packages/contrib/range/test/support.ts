import { type CompletionCheck, MemoryFileSystem, p, Task, Temporal } from "@leat/core";

/** A store in memory that counts what is asked of it. */
export class CountingFileSystem extends MemoryFileSystem {
  lists = 0;
  stats = 0;

  protected override _list(path: string, recursive: boolean): AsyncGenerator<string> {
    this.lists++;
    return super._list(path, recursive);
  }

  protected override _stat(
    ...args: Parameters<MemoryFileSystem["_stat"]>
  ): ReturnType<MemoryFileSystem["_stat"]> {
    this.stats++;
    return super._stat(...args);
  }
}

/** Tasks that are complete by a list of texts: `done` holds the text of each one's moment. */
export function markedTasks(done: ReadonlySet<string>) {
  abstract class Marked extends Task {
    override output(): undefined {
      return undefined;
    }
    override run(): void {}
    override async complete(): Promise<boolean> {
      return done.has(momentOf(this));
    }
  }
  class Daily extends Marked.with({ at: p.date() }) {}
  class Hourly extends Marked.with({ at: p.dateHour() }) {}
  class Minutely extends Marked.with({ at: p.dateMinute() }) {}
  class Monthly extends Marked.with({ at: p.month() }) {}
  return { Daily, Hourly, Minutely, Monthly };
}

/** What a range requires once it was asked whether it is complete. */
export async function requiredBy(range: Task, check?: CompletionCheck): Promise<string[]> {
  await range.complete(check);
  return (range.requires() as readonly Task[]).map(momentOf);
}

/** The text of the parameter `at` of a task. */
function momentOf(task: Task): string {
  return String((task as unknown as { readonly at: Temporal.PlainDate }).at);
}

/** Seconds since 1970 of a time in UTC. */
export function at(text: string): number {
  return Temporal.Instant.from(`${text}Z`).epochMilliseconds / 1000;
}

export const date = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
export const time = (text: string): Temporal.PlainDateTime => Temporal.PlainDateTime.from(text);
export const month = (text: string): Temporal.PlainYearMonth => Temporal.PlainYearMonth.from(text);
