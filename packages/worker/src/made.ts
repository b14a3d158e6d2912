import { flattenOutputs, type LogFields, type Target, type Task } from "@leat/core";
import type { Made } from "@leat/scheduler";
import { hideSecrets } from "./secrets.ts";

/** Outputs that are named in the history of an attempt, and asked for their size. */
const MOST_OUTPUTS = 100;

/** What an attempt says in numbers: the fields `rows` and `bytes` of its log lines, each added up. */
export class Tally {
  #rows: number | undefined;
  #bytes: number | undefined;

  note({ rows, bytes }: LogFields): void {
    if (isCount(rows)) this.#rows = (this.#rows ?? 0) + rows;
    if (isCount(bytes)) this.#bytes = (this.#bytes ?? 0) + bytes;
  }

  /** What a task made that is done. Bytes are the size of its outputs where each can tell it. */
  async made(task: Task): Promise<Made> {
    const targets = outputsOf(task).slice(0, MOST_OUTPUTS);
    const bytes = (await sizeOf(targets)) ?? this.#bytes;
    return {
      ...(targets.length > 0 && { outputs: targets.map((target) => hideSecrets(String(target), task)) }),
      ...(bytes !== undefined && { bytes }),
      ...(this.#rows !== undefined && { rows: this.#rows }),
    };
  }
}

/** The history is for people: that it cannot be told is no reason to fail. */
function outputsOf(task: Task): readonly Target[] {
  try {
    return flattenOutputs(task.output(), task);
  } catch {
    return [];
  }
}

async function sizeOf(targets: readonly Target[]): Promise<number | undefined> {
  const sized = targets.filter((target) => "size" in target && typeof target.size === "function");
  if (sized.length === 0 || sized.length < targets.length) return undefined;
  try {
    const sizes = await Promise.all(sized.map((target) => (target as Sized).size()));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return undefined;
  }
}

type Sized = Target & { size(): Promise<number> };

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
