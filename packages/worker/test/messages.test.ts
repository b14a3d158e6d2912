import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InlineRunner } from "../src/inline-runner.ts";
import { ProcessRunner } from "../src/process-runner.ts";
import type { Runner } from "../src/runner.ts";
import { recipeOfNeeded } from "../src/task-recipe.ts";
import { loadTaskModule } from "../src/task-module.ts";
import { Answers } from "./fixtures/needing-tasks.ts";
import { deferred, observerWith, recordLog } from "./support.ts";

const location = new URL("./fixtures/needing-tasks.ts", import.meta.url).href;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-messages-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

const runners: readonly [string, () => Runner][] = [
  ["inline", () => new InlineRunner()],
  ["process", () => new ProcessRunner()],
];

/** Begins an attempt at a task that answers; what it replies, by the ids of messages. */
async function answering(runner: Runner) {
  const replies: string[] = [];
  const ready = deferred();
  const log = recordLog();
  const task = new Answers({ directory, name: "desk" });
  const recipe = recipeOfNeeded(task, await loadTaskModule(location));
  const attempt = runner.start(
    { token: "t", task, recipe, timeoutSeconds: undefined },
    observerWith({
      log,
      status: () => ready.resolve(),
      respond: (messageId, reply) => void replies.push(`${messageId}: ${reply}`),
    }),
  );
  return { attempt, replies, ready: ready.promise, log };
}

describe.each(runners)("messages to a task, with the %s runner", (_, open) => {
  it("are answered in their order, by their ids, also those that came before it listened", async () => {
    const runner = open();
    const { attempt, replies, ready, log } = await answering(runner);
    attempt.message("1", "hello");
    await ready;
    attempt.message("2", "fail");
    attempt.message("3", "end");
    await attempt.result;
    await runner.close();
    expect(replies.slice(0, 2)).toEqual(["1: desk heard hello", "2: The task failed to answer: no answer"]);
    expect(log.lines).toContain("warn A message could not be answered: no answer");
  });
});
