import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEvents } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { WritesPid } from "./fixtures/process-tasks.ts";
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
