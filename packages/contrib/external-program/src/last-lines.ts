const KEPT_LINES = 20;
const LINE_CHARACTERS = 2000;

/** Splits what a program writes into lines, hands each on, and keeps the last ones for the message of a failure. */
export class LastLines {
  readonly #onLine: (line: string) => void;
  readonly #kept: string[] = [];
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  get lines(): readonly string[] {
    return this.#kept;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
    // A program that never ends its lines must not fill the memory.
    if (this.#rest.length > LINE_CHARACTERS) this.end();
  }

  end(): void {
    if (this.#rest !== "") this.#take(this.#rest);
    this.#rest = "";
  }

  #take(line: string): void {
    this.#onLine(line);
    this.#kept.push(line.slice(0, LINE_CHARACTERS));
    if (this.#kept.length > KEPT_LINES) this.#kept.shift();
  }
}
