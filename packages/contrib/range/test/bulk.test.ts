import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileTarget, LocalTarget, MemoryTarget, type Outputs, p, Task, WrapperTask } from "@leat/core";
import { RangeDaily, RangeHourly, RangeMonthly } from "@leat/range";
import { describe, expect, it } from "vitest";
import { at, CountingFileSystem, date, month, requiredBy, time } from "./support.ts";

const now = at("2026-11-30T12:00:00");
const november = { start: date("2026-11-01"), stop: date("2026-12-01"), now };

/** A class of daily tasks whose outputs are where `outputOf` says. */
function dailyTasks(outputOf: (day: string) => Outputs) {
  return class Daily extends Task.with({ at: p.date() }) {
    override output() {
      return outputOf(String(this.at));
    }
    override run(): void {}
  };
}

/** A store with files at the paths. */
async function storeWith(...paths: readonly string[]): Promise<CountingFileSystem> {
  const fileSystem = new CountingFileSystem();
  for (const path of paths) await new MemoryTarget(path, { fileSystem }).writeText("");
  fileSystem.lists = 0;
  fileSystem.stats = 0;
  return fileSystem;
}

/** Days of November 2026 by number, as texts. */
const days = (...numbers: readonly number[]) =>
  numbers.map((day) => `2026-11-${String(day).padStart(2, "0")}`);

const allDays = Array.from({ length: 30 }, (_, index) => index + 1);

describe("what is missing is found by one listing", () => {
  it("of files side by side", async () => {
    const fileSystem = await storeWith(
      ...days(1, 2, 4, 30).map((day) => `out/${day}.tsv`),
      "out/2026-11-03.tsv.bak",
    );
    const of = dailyTasks((day) => new MemoryTarget(`out/${day}.tsv`, { fileSystem }));
    const range = new RangeDaily({ of, ...november, taskLimit: 3 });
    expect(await requiredBy(range, async () => false)).toEqual(days(3, 5, 6));
    expect([fileSystem.lists, fileSystem.stats]).toEqual([1, 0]);
  });

  it("of a directory for each day", async () => {
    const fileSystem = await storeWith(
      ...days(1, 3).map((day) => `out/${day.replaceAll("-", "/")}/part.tsv`),
    );
    const of = dailyTasks(
      (day) => new MemoryTarget(`out/${day.replaceAll("-", "/")}/part.tsv`, { fileSystem }),
    );
    const range = new RangeDaily({ of, ...november, taskLimit: 2 });
    expect(await requiredBy(range, async () => false)).toEqual(days(2, 4));
    expect([fileSystem.lists, fileSystem.stats]).toEqual([1, 0]);
  });

  it("of several files for each task, which must all be there", async () => {
    const fileSystem = await storeWith("a/2026-11-01", "b/2026-11-01", "a/2026-11-02", "b/2026-11-03");
    const of = dailyTasks((day) => ({
      a: new MemoryTarget(`a/${day}`, { fileSystem }),
      b: [new MemoryTarget(`b/${day}`, { fileSystem })],
    }));
    const range = new RangeDaily({ of, ...november, taskLimit: 3 });
    expect(await requiredBy(range, async () => false)).toEqual(days(2, 3, 4));
    expect([fileSystem.lists, fileSystem.stats]).toEqual([2, 0]);
  });

  it("of what wrappers stand for", async () => {
    const fileSystem = await storeWith("a/2026-11-01", "b/2026-11-01", "a/2026-11-02");
    const parts = ["a", "b"].map((folder) =>
      dailyTasks((day) => new MemoryTarget(`${folder}/${day}`, { fileSystem })),
    );
    class Both extends WrapperTask.with({ at: p.date() }) {
      override requires() {
        return parts.map((Part) => new Part({ at: this.at }));
      }
    }
    const range = new RangeDaily({ of: Both, ...november, taskLimit: 2 });
    expect(await requiredBy(range, async () => false)).toEqual(days(2, 3));
    expect([fileSystem.lists, fileSystem.stats]).toEqual([2, 0]);
  });

  it("of hours, and of months", async () => {
    const fileSystem = await storeWith("h/2026-11-29/23", "m/2026-09");
    class Hourly extends Task.with({ at: p.dateHour() }) {
      override output(): FileTarget {
        return new MemoryTarget(`h/${this.at.toPlainDate()}/${this.at.hour}`, { fileSystem });
      }
      override run(): void {}
    }
    class Monthly extends Task.with({ at: p.month() }) {
      override output(): FileTarget {
        return new MemoryTarget(`m/${this.at}`, { fileSystem });
      }
      override run(): void {}
    }
    const hours = new RangeHourly({
      of: Hourly,
      start: time("2026-11-29T22:00"),
      stop: time("2026-11-30T01:00"),
      now,
    });
    expect(await requiredBy(hours, async () => false)).toEqual([
      "2026-11-29T22:00:00",
      "2026-11-30T00:00:00",
    ]);
    const months = new RangeMonthly({ of: Monthly, start: month("2026-08"), stop: month("2026-11"), now });
    expect(await requiredBy(months, async () => false)).toEqual(["2026-08", "2026-10"]);
    expect([fileSystem.lists, fileSystem.stats]).toEqual([3, 0]);
  });

  it("of files on this machine, where a missing directory means that all is missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leat-range-"));
    const of = dailyTasks((day) => new LocalTarget(join(folder, "out", `${day}.tsv`)));
    const range = new RangeDaily({ of, ...november });
    expect(await requiredBy(range)).toEqual(days(...allDays));
    await new LocalTarget(join(folder, "out", "2026-11-02.tsv")).writeText("");
    expect(await requiredBy(range)).toEqual(days(...allDays.filter((day) => day !== 2)));
    rmSync(folder, { recursive: true });
  });

  it("of files in the working directory", async () => {
    const before = process.cwd();
    process.chdir(mkdtempSync(join(tmpdir(), "leat-range-")));
    await new LocalTarget("2026-11-02.tsv").writeText("");
    const range = new RangeDaily({ of: dailyTasks((day) => new LocalTarget(`${day}.tsv`)), ...november });
    expect(await requiredBy(range, async () => false)).toEqual(days(...allDays.filter((day) => day !== 2)));
    process.chdir(before);
  });
});

describe("each task is asked instead", () => {
  it("when the listing is long", async () => {
    const others = Array.from({ length: 4_500 }, (_, index) => `out/other/${index}`);
    const fileSystem = await storeWith(...others, "out/2026-11-01/x");
    const of = dailyTasks((day) => new MemoryTarget(`out/${day}/x`, { fileSystem }));
    const range = new RangeDaily({ of, ...november, taskLimit: 1 });
    expect(await requiredBy(range)).toEqual(days(2));
    expect(fileSystem.stats).toBeGreaterThanOrEqual(30);
  });

  it("when all of a store would have to be listed", async () => {
    const fileSystem = await storeWith("2026-11-01/x");
    const range = new RangeDaily({
      of: dailyTasks((day) => new MemoryTarget(`${day}/x`, { fileSystem })),
      ...november,
    });
    expect(await requiredBy(range)).toEqual(days(...allDays.slice(1)));
    expect(fileSystem.lists).toBe(0);
  });

  it("when a task has a rule of its own", async () => {
    const fileSystem = await storeWith("out/2026-11-01");
    class Own extends dailyTasks((day) => new MemoryTarget(`out/${day}`, { fileSystem })) {
      override async complete(): Promise<boolean> {
        return this.at.day > 28;
      }
    }
    expect(await requiredBy(new RangeDaily({ of: Own, ...november }))).toEqual(days(...allDays.slice(0, 28)));
    expect(fileSystem.lists).toBe(0);
  });

  it("when an output goes stale by time", async () => {
    const fileSystem = await storeWith("out/2026-11-01");
    const of = dailyTasks((day) => new MemoryTarget(`out/${day}`, { fileSystem, maxAgeSeconds: 3600 }));
    expect(await requiredBy(new RangeDaily({ of, ...november }))).toEqual(days(...allDays.slice(1)));
    expect(fileSystem.lists).toBe(0);
  });

  it("when an output is there by another rule than the file", async () => {
    const fileSystem = await storeWith("out/2026-11-01");
    class Fresh extends MemoryTarget {
      override async exists(): Promise<boolean> {
        return false;
      }
    }
    const range = new RangeDaily({
      of: dailyTasks((day) => new Fresh(`out/${day}`, { fileSystem })),
      ...november,
    });
    expect(await requiredBy(range)).toEqual(days(...allDays));
    expect(fileSystem.lists).toBe(0);
  });
});

describe("a listing that cannot be trusted", () => {
  it("does not use up the limit: the tasks that it shows as missing are asked", async () => {
    // Outputs that are directories: a listing shows the files below them only.
    const fileSystem = await storeWith(...days(1, 2, 3).map((day) => `out/${day}/part-0`));
    const of = dailyTasks((day) => new MemoryTarget(`out/${day}`, { fileSystem }));
    expect(await requiredBy(new RangeDaily({ of, ...november, taskLimit: 2 }))).toEqual(days(4, 5));
  });

  it("makes the range fail when the store cannot be listed, with the reason", async () => {
    const fileSystem = await storeWith();
    const denied = new Error("not today");
    fileSystem.list = () => {
      throw denied;
    };
    const range = new RangeDaily({
      of: dailyTasks((day) => new MemoryTarget(`out/${day}`, { fileSystem })),
      ...november,
    });
    await expect(range.complete()).rejects.toBe(denied);
    expect(() => range.requires()).toThrow(denied);
  });
});

describe("bulkComplete of the class", () => {
  it("is asked once for all tasks of the range, which have ofParams, and outputs are not looked at", async () => {
    const asked: string[][] = [];
    class Loaded extends Task.with({ table: p.string(), at: p.date() }) {
      static override bulkComplete(tasks: readonly Loaded[]): Loaded[] {
        asked.push(tasks.map(String));
        return tasks.filter((task) => task.at.day !== 2);
      }
      override output(): never {
        throw new Error("nobody may look");
      }
      override run(): void {}
    }
    const ends = { start: date("2026-11-01"), stop: date("2026-11-04"), now };
    const range = new RangeDaily({ of: Loaded, ofParams: { table: "plays" }, ...ends });
    expect(await requiredBy(range, async () => false)).toEqual(days(2));
    expect(asked).toEqual([days(1, 2, 3).map((day) => `Loaded(table=plays, at=${day})`)]);
  });
});
