import type { Command } from "@leat/scheduler";
import { OPERATOR_COMMANDS } from "./command-schemas.ts";
import type { Change, ChangeListener } from "./engine.ts";

/** With fewer tasks every answer is made anew: it is quick, and never late. */
const MANY_TASKS = 5000;

/** So long an answer about many tasks is given to everybody who asks the same. */
const SHARED_MS = 500;

/** After these the sender wants to see what came of it. */
const SEEN_AT_ONCE: ReadonlySet<Command["type"]> = new Set(["act", ...OPERATOR_COMMANDS]);

interface SharedAnswer {
  readonly madeAt: number;
  readonly json: Promise<Buffer>;
}

/**
 * Answers to those who look: many open pages ask for the same, and must not hold up the workers. Where there are many tasks an
 * answer may be half a second old, but never older than the last thing that an operator did.
 */
export class SharedAnswers implements ChangeListener {
  readonly #tasks: () => number;
  readonly #answers = new Map<string, SharedAnswer>();

  /** @param tasks how many there are */
  constructor(tasks: () => number) {
    this.#tasks = tasks;
  }

  applied({ command }: Change): void {
    if (SEEN_AT_ONCE.has(command.type)) this.#answers.clear();
  }

  /** The answer to a question as JSON in UTF-8, made by `make` unless a fresh one is there. */
  get(question: string, make: () => unknown): Promise<Buffer> {
    if (this.#tasks() < MANY_TASKS) return toJson(make);
    const now = performance.now();
    const known = this.#answers.get(question);
    if (known !== undefined && now - known.madeAt < SHARED_MS) return known.json;
    const json = toJson(make);
    this.#forgetOld(now);
    this.#answers.set(question, { madeAt: now, json });
    return json;
  }

  #forgetOld(now: number): void {
    for (const [question, { madeAt }] of this.#answers) {
      if (now - madeAt >= SHARED_MS) this.#answers.delete(question);
    }
  }
}

async function toJson(make: () => unknown): Promise<Buffer> {
  return Buffer.from(JSON.stringify(await make()));
}
