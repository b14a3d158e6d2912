import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryFileSystem, sweepOrphans } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryName } from "../src/temporary-name.ts";
import { leatError } from "./support.ts";

const HOUR_MS = 3_600_000;
const now = Date.now();
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-orphans-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** The number of a process that was, and is no more. */
const deadProcess = spawnSync(process.execPath, ["--version"]).pid;

/** A name as a process gave it, or one of another machine. */
function nameBy(processId: number, machine?: string): string {
  const name = temporaryName("a.csv").replace(`-${process.pid}-`, `-${processId}-`);
  return machine === undefined ? name : name.replace(/[0-9a-f]{4}(?=[0-9a-f]{8}$)/, machine);
}

/** A file, of so many hours of age. */
function leave(name: string, hours: number): string {
  const path = join(directory, name);
  writeFileSync(path, "half");
  utimesSync(path, now / 1000, (now - hours * HOUR_MS) / 1000);
  return path;
}

describe("sweepOrphans()", () => {
  it("removes what a dead process left, from an hour of age on", async () => {
    const [old, young] = [leave(nameBy(deadProcess), 1), leave(nameBy(deadProcess), 0.9)];
    expect(await sweepOrphans(directory, { now })).toEqual({
      removed: [old],
      kept: [{ path: young, reason: "it was written to less than 3600 s ago" }],
    });
    expect(readdirSync(directory).map((name) => join(directory, name))).toEqual([young]);
  });

  it("keeps what a living process makes, however old it is", async () => {
    const path = leave(nameBy(process.pid), 1000);
    const reason = `its process ${process.pid} lives`;
    expect(await sweepOrphans(directory, { now, olderThanSeconds: 0 })).toEqual({
      removed: [],
      kept: [{ path, reason }],
    });
  });

  it("keeps what another machine makes, unless its age is to decide", async () => {
    const path = leave(nameBy(deadProcess, "0000"), 2);
    const { kept } = await sweepOrphans(directory, { now });
    expect(kept).toEqual([{ path, reason: "a process of another machine makes it" }]);
    expect((await sweepOrphans(directory, { now, otherMachines: true })).removed).toEqual([path]);
  });

  it("goes into directories, and removes one in the making with all that is in it, once", async () => {
    const made = join(directory, "out", nameBy(deadProcess));
    mkdirSync(join(made, "part"), { recursive: true });
    writeFileSync(join(made, "part", "1"), "");
    writeFileSync(join(made, "part", "2"), "");
    writeFileSync(join(directory, "out", "kept.csv"), "");
    expect((await sweepOrphans(directory, { now: now + 2 * HOUR_MS })).removed).toEqual([made]);
    expect(readdirSync(join(directory, "out"))).toEqual(["kept.csv"]);
  });

  it("only tells when it is a dry run", async () => {
    const path = leave(nameBy(deadProcess), 2);
    expect((await sweepOrphans(directory, { now, dryRun: true })).removed).toEqual([path]);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("touches no other file, also not one with a similar name", async () => {
    leave(`x${nameBy(deadProcess)}`, 2);
    leave(".a.csv.leat-tmp-1-abc", 2);
    expect(await sweepOrphans(directory, { now })).toEqual({ removed: [], kept: [] });
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it("sweeps any store", async () => {
    const fileSystem = new MemoryFileSystem();
    const path = `/out/${nameBy(deadProcess)}`;
    const writer = await fileSystem.openWrite(path);
    await writer.commit();
    const { removed } = await sweepOrphans("/out", { fileSystem, olderThanSeconds: 0 });
    expect(removed).toEqual([path]);
  });

  it("refuses a directory that is not there", async () => {
    await expect(sweepOrphans(join(directory, "missing"))).rejects.toThrow(
      leatError("TARGET_NOT_FOUND", "missing"),
    );
  });
});
