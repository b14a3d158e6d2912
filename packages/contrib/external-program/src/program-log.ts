import type { Logger } from "@leat/core";
import type { OutputName } from "./launcher-messages.ts";

/** Characters of an output that are kept until the end of a program: the last ones. */
const MOST_CHARACTERS = 2 ** 20;

/** What the log of an attempt gets of the output of its program. */
export interface ProgramLog {
  take(line: string, stream: OutputName): void;
  /** The program has ended. */
  end(hasSucceeded: boolean): void;
}

/** Each line as it comes. */
export function streamedLog(log: Logger): ProgramLog {
  return {
    take: (line, stream) => log.info(`${stream}: ${line}`),
    end: () => undefined,
  };
}

/** Each output in one piece when the program has ended. `stderrOfSuccess`: also stderr of a program that succeeded. */
export function capturedLog(log: Logger, stderrOfSuccess: boolean): ProgramLog {
  const kept: Record<OutputName, LastText> = { stdout: new LastText(), stderr: new LastText() };
  return {
    take: (line, stream) => kept[stream].add(`${line}\n`),
    end(hasSucceeded) {
      const shown: OutputName[] = hasSucceeded && !stderrOfSuccess ? ["stdout"] : ["stdout", "stderr"];
      for (const stream of shown) if (!kept[stream].isEmpty) log.info(`Program ${stream}:\n${kept[stream]}`);
    },
  };
}

/** The end of a text that may be long. */
class LastText {
  #text = "";
  #isCut = false;

  get isEmpty(): boolean {
    return this.#text === "";
  }

  add(text: string): void {
    this.#text += text;
    // Not at every line: to cut copies all that is left.
    if (this.#text.length > 2 * MOST_CHARACTERS) this.#cut();
  }

  toString(): string {
    if (this.#text.length > MOST_CHARACTERS) this.#cut();
    return (this.#isCut ? "…" : "") + this.#text.trimEnd();
  }

  #cut(): void {
    this.#text = this.#text.slice(-MOST_CHARACTERS);
    this.#isCut = true;
  }
}
