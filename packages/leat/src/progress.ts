import type { WriteStream } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import type { EventBus, Task } from "@leat/core";
import { nameOf, withoutControls } from "@leat/worker";
import { createColors } from "picocolors";
import { cutToWidth } from "./text-width.ts";
import { Transfers } from "./transfer-progress.ts";

const REDRAW_MS = 100;
const ERASE_LINE = "\r\u001B[2K";

/** What is needed of `process.stderr`. */
type Terminal = Pick<WriteStream, "isTTY" | "columns" | "write">;

interface Running {
  readonly startedAt: number;
  fraction: number | undefined;
  message: string | undefined;
}

/**
 * What a person at a terminal sees of a run: below the log lines, one line that tells how far it is. Anywhere else nothing is
 * shown.
 */
export class Progress {
  readonly #stream: Terminal;
  readonly #write: Terminal["write"];
  readonly #colors;
  readonly #running = new Map<Task, Running>();
  readonly #transfers = new Transfers();
  readonly #discovered = new Set<string>();
  #finished = 0;
  #failed = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;

  constructor(stream: Terminal) {
    this.#stream = stream;
    this.#write = stream.write.bind(stream);
    // As https://no-color.org: any value but the empty one.
    this.#colors = createColors((process.env["NO_COLOR"] ?? "") === "");
  }

  /** Follows a run from now on, when the stream is a terminal that can erase a line. */
  listen(events: EventBus): void {
    if (!this.#stream.isTTY || process.env["TERM"] === "dumb") return;
    events.on("dependency:discovered", ({ task, dependency }) => {
      this.#discovered.add(task.id).add(dependency.id);
    });
    events.on("dependency:present", ({ task }) => void this.#discovered.delete(task.id));
    events.on("task:started", ({ task }) => this.#begin(task));
    events.on("task:progress", ({ task, fraction, message }) => this.#note(task, fraction, message));
    events.on("task:succeeded", ({ task }) => this.#end(task, true));
    events.on("task:failed", ({ task }) => this.#end(task, false));
    events.on("transfer:progress", (event) => this.#transfers.note(event));
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
    // Whoever writes, the line is out of the way.
    this.#stream.write = ((...args: Parameters<Terminal["write"]>) => {
      this.#erase();
      return this.#write(...args);
    }) as Terminal["write"];
  }

  close(): void {
    clearInterval(this.#timer);
    this.#erase();
    this.#stream.write = this.#write;
  }

  #begin(task: Task): void {
    this.#discovered.add(task.id);
    this.#running.set(task, { startedAt: performance.now(), fraction: undefined, message: undefined });
  }

  #note(task: Task, fraction: number, message: string | undefined): void {
    const running = this.#running.get(task);
    if (running !== undefined) Object.assign(running, { fraction, message });
  }

  #end(task: Task, hasSucceeded: boolean): void {
    this.#running.delete(task);
    this.#finished++;
    if (!hasSucceeded) this.#failed++;
  }

  #draw(): void {
    const { bold, red, dim } = this.#colors;
    const counts = `${this.#finished}/${this.#discovered.size}`;
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : "";
    const [[task, running] = []] = this.#running;
    const current = task === undefined || running === undefined ? "" : ` ${describe(task, running)}`;
    // A line as wide as the terminal would wrap on some.
    const room = (this.#stream.columns || 80) - 1;
    const transfers = String(this.#transfers);
    const moving = transfers === "" ? "" : `, ${transfers}`;
    const text = cutToWidth(`${counts}${failed}, ${this.#running.size} running${current}${moving}`, room);
    const colored =
      bold(text.slice(0, counts.length)) +
      red(text.slice(counts.length, counts.length + failed.length)) +
      dim(text.slice(counts.length + failed.length));
    this.#write(ERASE_LINE + colored);
    this.#isDrawn = true;
  }

  #erase(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#write(ERASE_LINE);
  }
}

function describe(task: Task, { startedAt, fraction, message }: Running): string {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const percent = fraction === undefined ? "" : `${Math.round(fraction * 100)} % `;
  const doing = message === undefined ? "" : `${withoutControls(stripVTControlCharacters(message))} `;
  return `${percent}${nameOf(task)} ${doing}(${seconds} s)`;
}
