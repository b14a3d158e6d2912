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
    expect(heard.map(({ progress }) => [progress.to, progress.state])).toEqual([
      [task.output().path, "running"],
      [task.output().path, "done"],
    ]);
    expect(heard.at(-1)?.progress.bytes).toBe(writer.length);
    expect(heard.map(({ process: pid }) => String(pid))).toEqual([writer, writer]);
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
