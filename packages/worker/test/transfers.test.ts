import { channel } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEvents, TransferProgress } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { followTransfers } from "../src/transfers.ts";
import { WritesPid } from "./fixtures/process-tasks.ts";
import { ManualClock } from "./manual-clock.ts";
import { recordLog } from "./support.ts";

const module = new URL("./fixtures/process-tasks.ts", import.meta.url).href;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-transfers-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe.each(["inline", "process"] as const)("transfers of a run with the %s runner", (runner) => {
  it("are told to those who listen: begin and end, with bytes, and the process that writes", async () => {
    const heard: RunEvents["transfer:progress"][] = [];
    const task = new WritesPid({ directory });
    await run([task], {
      runner,
      module,
      log: recordLog(),
      listen: (events) => events.on("transfer:progress", (event) => void heard.push(event)),
    });
    const writer = await task.output().readText();
    expect(writer === String(process.pid)).toBe(runner === "inline");
    const states = heard.map(({ progress }) => progress.state);
    expect([states[0], states.at(-1), states.indexOf("done")]).toEqual([
      "running",
      "done",
      states.length - 1,
    ]);
    expect(new Set(heard.map(({ progress }) => progress.to))).toEqual(new Set([task.output().path]));
    expect(heard.at(-1)?.progress.bytes).toBe(writer.length);
    expect(new Set(heard.map(({ process: pid }) => String(pid)))).toEqual(new Set([writer]));
  });
});

it("transfers after a run are not told any more", async () => {
  let heard = 0;
  const task = new WritesPid({ directory });
  await run([task], {
    log: recordLog(),
    listen: (events) => events.on("transfer:progress", () => void heard++),
  });
  const during = heard;
  await task.output().writeText("later");
  expect(during).toBeGreaterThan(0);
  expect(heard).toBe(during);
});

describe("those who follow transfers", () => {
  function follow() {
    const clock = new ManualClock();
    const told: string[] = [];
    const unfollow = followTransfers(
      ({ id, bytes, state }) => void told.push(`${id} ${bytes} ${state}`),
      clock,
    );
    const say = (id: number, bytes: number, state: TransferProgress["state"] = "running") => {
      const progress: TransferProgress = { id, to: "file", bytes, totalBytes: undefined, state };
      channel("leat:transfer").publish(progress);
    };
    return { clock, told, unfollow, say };
  }

  it("hear of each ten times a second at most, and of the last when it stalls", () => {
    const { clock, told, unfollow, say } = follow();
    for (const bytes of [0, 1, 2]) say(1, bytes);
    say(2, 7);
    expect(told).toEqual(["1 0 running", "2 7 running"]);
    clock.pass(99);
    expect(told).toHaveLength(2);
    clock.pass(1);
    expect(told.slice(2)).toEqual(["1 2 running"]);
    say(1, 3);
    clock.pass(1000);
    expect(told.slice(3)).toEqual(["1 3 running"]);
    clock.pass(100);
    say(1, 4);
    expect(told.slice(4)).toEqual(["1 4 running"]);
    expect(clock.waiting).toBe(0);
    unfollow();
  });

  it("hear of its end at once, and of nothing before that any more", () => {
    const { clock, told, unfollow, say } = follow();
    for (const bytes of [0, 1]) say(1, bytes);
    say(1, 2, "done");
    clock.pass(1000);
    expect(told).toEqual(["1 0 running", "1 2 done"]);
    unfollow();
  });

  it("hear of nothing that was held up when they follow no more", () => {
    const { clock, told, unfollow, say } = follow();
    for (const bytes of [0, 1]) say(1, bytes);
    unfollow();
    clock.pass(1000);
    say(1, 9);
    expect([told, clock.waiting]).toEqual([["1 0 running"], 0]);
  });
});
