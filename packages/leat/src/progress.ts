import type { EventBus, Task } from "@leat/core";
import { createColors } from "picocolors";
import type { WriteStream } from "node:tty";

const REDRAW_MS = 100;

interface Running {
  readonly startedAt: number;
  fraction: number | undefined;
  message: string | undefined;
}

/**
 * What a person at a terminal sees of a run: log lines, and below them one line that tells how far it is. Anywhere else only
 * the log lines.
 */
export class Progress {
  readonly #stream: WriteStream;
  readonly #colors;
  readonly #running = new Map<Task, Running>();
  #discovered = new Set<string>();
  #finished = 0;
  #failed = 0;
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;

  constructor(stream: WriteStream) {
    this.#stream = stream;
    this.#colors = createColors(stream.isTTY && process.env["NO_COLOR"] === undefined);
  }

  listen(events: EventBus): void {
    if (!this.#stream.isTTY) return;
    events.on("dependency:discovered", ({ task, dependency }) => {
      this.#discovered.add(task.id).add(dependency.id);
    });
    events.on("dependency:present", ({ task }) => void this.#discovered.delete(task.id));
    events.on("task:started", ({ task }) => this.#begin(task));
    events.on("task:progress", ({ task, fraction, message }) => this.#note(task, fraction, message));
    events.on("task:succeeded", ({ task }) => this.#end(task, true));
    events.on("task:failed", ({ task }) => this.#end(task, false));
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
  }

  /** Writes log lines above the line of progress. */
  write(lines: string): void {
    this.#erase();
    this.#stream.write(lines);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#erase();
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
    const [[task, running] = []] = this.#running;
    const failed = this.#failed > 0 ? red(`, ${this.#failed} failed`) : "";
    const head = `${bold(`${this.#finished}/${this.#discovered.size}`)}${failed}, ${this.#running.size} running`;
    const tail = task === undefined || running === undefined ? "" : ` ${describe(task, running)}`;
    const room = Math.max(0, this.#stream.columns - 30);
    this.#erase();
    this.#stream.write(head + dim(tail.slice(0, room)));
    this.#isDrawn = true;
  }

  #erase(): void {
    if (!this.#isDrawn) return;
    this.#stream.cursorTo(0);
    this.#stream.clearLine(0);
    this.#isDrawn = false;
  }
}

function describe(task: Task, { startedAt, fraction, message }: Running): string {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const percent = fraction === undefined ? "" : `${Math.round(fraction * 100)} % `;
  return `${percent}${task} ${message ?? ""}(${seconds} s)`;
}
