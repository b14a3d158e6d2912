import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { EventBus, p, Task } from "@leat/core";
import { createLogger } from "@leat/worker";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Progress } from "../src/progress.ts";
import { sizeText } from "../src/transfer-progress.ts";

const ERASE = "\r\u001B[2K";
const BOLD = "\u001B[1m";

/** A terminal of a width that keeps what is written to it. */
class Screen extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  text = "";

  constructor(columns: number, isTTY = true) {
    super();
    this.columns = columns;
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }

  /** Lines as drawn one over the other, without colours. */
  get draws(): string[] {
    return stripVTControlCharacters(this.text).split("\r").slice(1);
  }
}

class Job extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "xterm");
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function follow(screen: Screen) {
  const progress = new Progress(screen);
  const events = new EventBus(createLogger("silent", () => undefined));
  progress.listen(events);
  return { progress, events };
}

const [one, two] = [new Job({ name: "one" }), new Job({ name: "two" })];

describe("files that are written", () => {
  const transfer = (
    id: number,
    bytes: number,
    state: "running" | "done" = "running",
    totalBytes?: number,
  ) => ({
    process: 1,
    progress: { id, to: "s3://lake/out/plays.tsv", bytes, totalBytes, state },
  });

  it("are shown with how much there is of them, and how fast it grows", () => {
    const screen = new Screen(120);
    const { events } = follow(screen);
    events.emit("transfer:progress", transfer(1, 0, "running", 40_000_000));
    vi.advanceTimersByTime(2000);
    events.emit("transfer:progress", transfer(1, 12_500_000, "running", 40_000_000));
    vi.advanceTimersByTime(500);
    expect(screen.draws.at(-1)).toBe("0/0, 0 running, plays.tsv 12.5 MB of 40.0 MB, 5.0 MB/s");
  });

  it("are counted when there are several, of any process, and forgotten when they are there", () => {
    const screen = new Screen(120);
    const { events } = follow(screen);
    events.emit("transfer:progress", transfer(1, 100));
    events.emit("transfer:progress", { ...transfer(1, 100), process: 2 });
    vi.advanceTimersByTime(1000);
    expect(screen.draws.at(-1)).toBe("0/0, 0 running, plays.tsv 100 B, 100 B/s and 1 more");
    events.emit("transfer:progress", transfer(1, 100, "done"));
    events.emit("transfer:progress", { ...transfer(1, 100, "done"), process: 2 });
    vi.advanceTimersByTime(100);
    expect(screen.draws.at(-1)).toBe("0/0, 0 running");
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [999_600, "1.0 MB"],
    [1_234_567, "1.2 MB"],
    [5e15, "5000.0 TB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe("the line of progress", () => {
  it("counts tasks and tells what runs, how far it is and since when", () => {
    const screen = new Screen(80);
    const { events } = follow(screen);
    events.emit("dependency:discovered", { task: two, dependency: one });
    events.emit("task:started", { task: one });
    vi.advanceTimersByTime(3000);
    events.emit("task:progress", { task: one, fraction: 0.25, message: "reading" });
    vi.advanceTimersByTime(100);
    expect(screen.draws.at(-1)).toBe("0/2, 1 running 25 % Job(name=one) reading (3 s)");
    events.emit("task:failed", { task: one, error: new Error("no") });
    vi.advanceTimersByTime(100);
    expect(screen.draws.at(-1)).toBe("1/2, 1 failed, 0 running");
  });

  it("does not count what is complete already", () => {
    const screen = new Screen(80);
    const { events } = follow(screen);
    events.emit("dependency:discovered", { task: two, dependency: one });
    events.emit("dependency:present", { task: one });
    events.emit("task:started", { task: two });
    events.emit("task:succeeded", { task: two, seconds: 1 });
    vi.advanceTimersByTime(100);
    expect(screen.draws.at(-1)).toBe("1/1, 0 running");
  });

  it.each([1, 5, 20, 40])("is shorter than a terminal of %d columns", (columns) => {
    const screen = new Screen(columns);
    const { events } = follow(screen);
    const task = new Job({ name: "長い名前".repeat(20) });
    events.emit("task:started", { task });
    events.emit("task:failed", { task: one, error: new Error("no") });
    vi.advanceTimersByTime(100);
    const [line = ""] = screen.draws;
    const wide = line.match(/[\u3000-\u9fff]/g) ?? [];
    expect(line.length + wide.length).toBeLessThan(columns);
  });

  it("does not let a message steer the terminal", () => {
    const screen = new Screen(80);
    const { events } = follow(screen);
    events.emit("task:started", { task: one });
    events.emit("task:progress", { task: one, fraction: 0, message: "\u001B[2Jgone\nnext" });
    vi.advanceTimersByTime(100);
    expect(screen.text).not.toContain("\u001B[2J");
    expect(screen.draws.at(-1)).toContain(String.raw`gone\nnext`);
  });

  it("makes way for whatever is written, and is gone in the end", () => {
    const screen = new Screen(80);
    const { progress, events } = follow(screen);
    events.emit("task:started", { task: one });
    vi.advanceTimersByTime(100);
    screen.write("a log line\n");
    expect(screen.text.endsWith(`${ERASE}a log line\n`)).toBe(true);
    vi.advanceTimersByTime(100);
    progress.close();
    expect(screen.text.endsWith(ERASE)).toBe(true);
    const { text } = screen;
    vi.advanceTimersByTime(1000);
    expect(screen.text).toBe(text);
  });

  it("has colours, but not when NO_COLOR is set", () => {
    const drawn = () => {
      const screen = new Screen(80);
      const { events } = follow(screen);
      events.emit("task:started", { task: one });
      vi.advanceTimersByTime(100);
      return screen.text;
    };
    expect(drawn()).toContain(BOLD);
    vi.stubEnv("NO_COLOR", "1");
    expect(drawn()).not.toContain(BOLD);
    vi.stubEnv("NO_COLOR", "");
    expect(drawn()).toContain(BOLD);
  });

  it("is not there when nobody looks, or the terminal cannot erase", () => {
    const drawn = (screen: Screen) => {
      const { events } = follow(screen);
      events.emit("task:started", { task: one });
      vi.advanceTimersByTime(1000);
      return screen.text;
    };
    expect(drawn(new Screen(80, false))).toBe("");
    vi.stubEnv("TERM", "dumb");
    expect(drawn(new Screen(80))).toBe("");
  });
});
