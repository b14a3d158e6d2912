import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ExternalTask,
  MemoryTarget,
  p,
  type RunContext,
  type RunEventName,
  type RunEvents,
  Task,
} from "@leat/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run, type RunOptions } from "../src/run.ts";
import { Crashes } from "./fixtures/process-tasks.ts";
import { JumpingClock } from "./manual-clock.ts";
import { nodeName, recordLog } from "./support.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-events-"));
});

afterAll(() => rmSync(directory, { recursive: true }));

let made = 0;

/** Does what its name says. */
class Act extends Task.with({ name: p.string(), id_: p.int({ default: 0 }) }) {
  override output() {
    return new MemoryTarget(`events/${this.name}-${this.id_}`);
  }
  override get timeoutSeconds(): number | undefined {
    return this.name === "endless" ? 0.01 : undefined;
  }
  override requires(): Act[] {
    if (this.name === "broken") throw new Error("no idea");
    return this.name === "requires" ? [act("required")] : [];
  }
  override async run(context: RunContext): Promise<void> {
    if (this.name === "fails") throw new Error("no luck");
    if (this.name === "endless") await new Promise(() => undefined);
    if (this.name === "needs") await context.need(act("needed"));
    context.progress(0.5, "half");
    context.status("busy");
    context.trackingUrl("http://cluster/1");
    await this.output().writeText("made");
  }
}

class Awaited extends ExternalTask {
  override output() {
    return new MemoryTarget("events/awaited");
  }
}

const act = (name: string): Act => new Act({ name, id_: ++made });

/** A complete task. */
async function present(): Promise<Task> {
  const task = act("present");
  await task.output().writeText("made");
  return task;
}

interface Scenario {
  readonly task: () => Task | Promise<Task>;
  readonly options?: () => RunOptions;
  /** What is heard, beside the name of the task. */
  readonly heard: readonly unknown[];
}

const error = (message: string | RegExp) =>
  expect.objectContaining({ message: expect.stringMatching(message) as string });
const retry = () => ({ clock: new JumpingClock(), retry: { count: 1, delaySeconds: 5 } });
const inChild = () => ({
  runner: "process" as const,
  module: new URL("./fixtures/process-tasks.ts", import.meta.url).href,
});

/** Events of ranges and of transfers have tests of their own; the last is added where it is declared. */
type Elsewhere = "range:measured" | "transfer:progress" | "rows:counted";

/** Each event of a run: a task that leads to it, and what those who listen get. */
const SCENARIOS: Readonly<Record<Exclude<RunEventName, Elsewhere>, Scenario>> = {
  "dependency:discovered": {
    task: () => act("requires"),
    heard: [["requires", { dependency: expect.objectContaining({ name: "required" }) }]],
  },
  "dependency:missing": { task: () => new Awaited(), heard: [["Awaited()", {}]] },
  "dependency:present": { task: present, heard: [["present", {}]] },
  "task:broken": { task: () => act("broken"), heard: [["broken", { error: error("no idea") }]] },
  "task:started": { task: () => act("works"), heard: [["works", {}]] },
  "task:progress": { task: () => act("works"), heard: [["works", { fraction: 0.5, message: "half" }]] },
  "task:status": { task: () => act("works"), heard: [["works", { message: "busy" }]] },
  "task:trackingUrl": { task: () => act("works"), heard: [["works", { url: "http://cluster/1" }]] },
  "task:suspended": {
    task: () => act("needs"),
    heard: [["needs", { dependencies: [expect.objectContaining({ name: "needed" })] }]],
  },
  "task:resumed": { task: () => act("needs"), heard: [["needs", {}]] },
  "task:failed": { task: () => act("fails"), heard: [["fails", { error: error("no luck") }]] },
  "task:retrying": {
    task: () => act("fails"),
    options: retry,
    heard: [["fails", { error: error("no luck"), attempt: 1, delaySeconds: 5 }]],
  },
  "task:succeeded": { task: () => act("works"), heard: [["works", { seconds: expect.any(Number) }]] },
  "task:timedOut": { task: () => act("endless"), heard: [["endless", { error: error("0.01 s") }]] },
  "task:processDied": {
    task: () => new Crashes({ directory, how: "exit" }),
    options: inChild,
    heard: [["a", { error: error("exit code 3") }]],
  },
};

it.each(Object.entries(SCENARIOS))(
  "%s is told when it happens, with what it is about",
  async (name, scenario) => {
    const heard: unknown[] = [];
    await run([await scenario.task()], {
      log: recordLog(),
      ...scenario.options?.(),
      listen: (events) => events.on(name as RunEventName, (event) => void heard.push(shown(event))),
    });
    expect(heard).toEqual(scenario.heard);
  },
);

function shown(event: RunEvents[RunEventName]): [string, object] {
  const { task, ...rest } = event as { readonly task: Task };
  return [nodeName(task) ?? String(task), rest];
}
