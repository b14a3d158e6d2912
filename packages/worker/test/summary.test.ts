import { EventBus, ExternalTask, LocalTarget, p, type RunContext, Task } from "@leat/core";
import { LocalScheduler, Scheduler } from "@leat/scheduler";
import { describe, expect, it } from "vitest";
import { InlineRunner } from "../src/inline-runner.ts";
import { Outcomes } from "../src/outcomes.ts";
import { run } from "../src/run.ts";
import { statusOf, summarize } from "../src/summary.ts";
import { summaryText } from "../src/summary-text.ts";
import { RunGraph } from "../src/run-graph.ts";
import { Worker } from "../src/worker.ts";
import { graphOf, planOf, recordLog } from "./support.ts";

abstract class Job extends Task {
  override output(): undefined {
    return undefined;
  }
  override run(_context: RunContext): Promise<void> | void {}
}

class Done extends Job.with({ n: p.int() }) {
  override async complete(): Promise<boolean> {
    return true;
  }
}
class Ok extends Job.with({ n: p.int() }) {}
class Boom extends Job {
  override run(): never {
    throw new Error("boom");
  }
}
class Ext extends ExternalTask.with({ name: p.string() }) {
  override output(): LocalTarget {
    return new LocalTarget(`/nowhere/${this.name}`);
  }
}
class BadComplete extends Job {
  override async complete(): Promise<boolean> {
    throw new Error("cannot tell");
  }
}
class BadRequires extends Job {
  override requires(): never {
    throw new Error("no requirements today");
  }
}
class Resource extends Job {
  override get resources() {
    return { database: 2 };
  }
}

const oks = (...numbers: number[]) => numbers.map((n) => new Ok({ n }));

class RunOk extends Job {
  override requires = () => [...oks(0, 1, 2), new Done({ n: 0 })];
}
class RunFail extends Job {
  override requires = () => [new Boom(), new Ok({ n: 1 })];
}
class RunExt extends Job {
  override requires = () => [new Ext({ name: "a" }), new Ext({ name: "b" }), new Done({ n: 0 })];
}
class RunSched extends Job {
  override requires = () => [new BadComplete(), new BadRequires()];
}
class RunMixed extends Job {
  override requires = () => [new Ok({ n: 5 }), new Boom(), new BadComplete(), new Ext({ name: "a" })];
}
class RunDenied extends Job {
  override requires = () => [new Ok({ n: 2 }), new Resource()];
}

async function summaryOf(task: Task): Promise<string> {
  return (await run([task], { log: recordLog() })).summaryText;
}

/** The text around a body, as Luigi has it. */
function framed(body: string): string {
  const lines = body.replaceAll(/^ {4}/gm, "").trim();
  return `\n===== Luigi Execution Summary =====\n\n${lines}\n\n===== Luigi Execution Summary =====\n`;
}

describe("the execution summary", () => {
  it("of a run in which everything ran", async () => {
    expect(await summaryOf(new RunOk())).toBe(
      framed(`
    Scheduled 5 tasks of which:
    * 1 complete ones were encountered:
        - 1 Done(n=0)
    * 4 ran successfully:
        - 3 Ok(n=0,1,2)
        - 1 RunOk()

    This progress looks :) because there were no failed tasks or missing dependencies`),
    );
  });

  it("of a task that was complete already", async () => {
    expect(await summaryOf(new Done({ n: 0 }))).toBe(
      framed(`
    Scheduled 1 tasks of which:
    * 1 complete ones were encountered:
        - 1 Done(n=0)

    Did not run any tasks
    This progress looks :) because there were no failed tasks or missing dependencies`),
    );
  });

  it("of a run in which a requirement failed", async () => {
    expect(await summaryOf(new RunFail())).toBe(
      framed(`
    Scheduled 3 tasks of which:
    * 1 ran successfully:
        - 1 Ok(n=1)
    * 1 failed:
        - 1 Boom()
    * 1 were left pending, among these:
        * 1 had failed dependencies:
            - 1 RunFail()

    This progress looks :( because there were failed tasks`),
    );
  });

  it("of a run without its external data", async () => {
    expect(await summaryOf(new RunExt())).toBe(
      framed(`
    Scheduled 4 tasks of which:
    * 1 complete ones were encountered:
        - 1 Done(n=0)
    * 3 were left pending, among these:
        * 2 were missing external dependencies:
            - 2 Ext(name=a,b)
        * 1 had missing dependencies:
            - 1 RunExt()

    Did not run any tasks
    This progress looks :| because there were missing external dependencies`),
    );
  });

  it("of a run whose complete() and requires() threw", async () => {
    expect(await summaryOf(new RunSched())).toBe(
      framed(`
    Scheduled 3 tasks of which:
    * 2 failed scheduling:
        - 1 BadComplete()
        - 1 BadRequires()
    * 1 were left pending, among these:
        * 1 had dependencies whose scheduling failed:
            - 1 RunSched()

    Did not run any tasks
    This progress looks :( because there were tasks whose scheduling failed`),
    );
  });

  it("of a run in which everything happened at once", async () => {
    expect(await summaryOf(new RunMixed())).toBe(
      framed(`
    Scheduled 5 tasks of which:
    * 1 ran successfully:
        - 1 Ok(n=5)
    * 1 failed:
        - 1 Boom()
    * 1 failed scheduling:
        - 1 BadComplete()
    * 2 were left pending, among these:
        * 1 were missing external dependencies:
            - 1 Ext(name=a)
        * 1 had failed dependencies:
            - 1 RunMixed()
        * 1 had missing dependencies:
            - 1 RunMixed()
        * 1 had dependencies whose scheduling failed:
            - 1 RunMixed()

    This progress looks :( because there were failed tasks and tasks whose scheduling failed`),
    );
  });

  it("of a run that the scheduler denied", async () => {
    expect(await summaryOf(new RunDenied())).toBe(
      framed(`
    Scheduled 3 tasks of which:
    * 1 ran successfully:
        - 1 Ok(n=2)
    * 2 were left pending, among these:
        * 2 was not granted run permission by the scheduler:
            - 1 Resource()
            - 1 RunDenied()

    This progress looks :| because there were tasks that were not granted run permission by the scheduler`),
    );
  });

  it("of a run whose task is disabled", async () => {
    class Disabled extends Job {
      override get disabled(): boolean {
        return true;
      }
    }
    const { summaryText, status, exitCode } = await run([new Disabled()], { log: recordLog() });
    expect(summaryText).toBe(framed("Did not schedule any tasks"));
    expect([status, exitCode]).toEqual(["SUCCESS", 25]);
  });

  // Luigi counts such a task twice, as missing external data and as not granted.
  it("of a task that waited for one that failed: once, among those with failed dependencies", async () => {
    class DynFail extends Job {
      override async run({ need }: RunContext): Promise<void> {
        await need(new Boom());
      }
    }
    expect(await summaryOf(new DynFail())).toBe(
      framed(`
    Scheduled 2 tasks of which:
    * 1 failed:
        - 1 Boom()
    * 1 were left pending, among these:
        * 1 had failed dependencies:
            - 1 DynFail()

    This progress looks :( because there were failed tasks`),
    );
  });

  it("of an empty run", async () => {
    const { summaryText, status, exitCode } = await run([]);
    expect(summaryText).toBe(framed("Did not schedule any tasks"));
    expect([status, exitCode]).toEqual(["SUCCESS", 0]);
  });

  it("lists five families of a set, sorted by name", async () => {
    const families = ["F", "B", "E", "A", "D", "C"].map((name) => {
      const Named = class extends Job {};
      Object.defineProperty(Named, "name", { value: name });
      return new Named();
    });
    const { summaryText } = await run(families, { log: recordLog() });
    expect(summaryText).toContain(
      "* 6 ran successfully:\n    - 1 A()\n    - 1 B()\n    - 1 C()\n    - 1 D()\n    - 1 E()\n    ...\n\n",
    );
  });

  it("lists as many families as it is told, or all", async () => {
    const plan = await planOf([new Ok({ n: 1 }), new Boom(), new Resource()]);
    const summary = summarize(plan, new Outcomes(plan));
    const families = (maxLines: number) => summaryText(summary, maxLines).match(/- 1 \w+|\.\.\./g);
    expect(families(1)).toEqual(["- 1 Boom", "..."]);
    expect(families(0)).toEqual(["- 1 Boom", "- 1 Ok", "- 1 Resource"]);
  });

  it("passes failed and missing on over several levels, but not failed scheduling", async () => {
    class Failing extends Job {
      override requires = () => [new RunFail()];
    }
    class Missing extends Job {
      override requires = () => [new RunExt()];
    }
    class Unplanned extends Job {
      override requires = () => [new RunSched()];
    }
    class All extends Job {
      override requires = () => [new Failing(), new Missing()];
    }
    const names = (tasks: readonly Task[]) => tasks.map(String);
    const { summary } = await run([new All(), new Unplanned()], { log: recordLog() });
    expect(names(summary.upstreamFailed)).toEqual(["RunFail()", "Failing()", "All()"]);
    expect(names(summary.upstreamMissing)).toEqual(["RunExt()", "Missing()", "All()"]);
    expect(names(summary.upstreamSchedulingFailed)).toEqual(["RunSched()"]);
    expect(names(summary.notRun)).toEqual(["Unplanned()"]);
  });
});

describe("the execution summary of several workers", () => {
  class LockTask extends Job {}
  class ParentTask extends Job {
    override requires = () => [new LockTask()];
  }

  /** Runs a task while other workers hold requirements of it, one each. */
  async function runBeside(task: Task, others: readonly string[]) {
    const log = recordLog();
    const scheduler = new LocalScheduler(new Scheduler(), () => 0);
    const plan = await planOf([task]);
    for (const [index, worker] of others.entries()) {
      const taskId = [...plan.tasks.keys()][index] ?? "";
      await scheduler.addTasks({ worker, tasks: [{ taskId }] });
      await scheduler.getWork({ worker });
    }
    const outcomes = await new Worker(new RunGraph(plan), {
      id: "own_worker",
      slots: 1,
      scheduler,
      runner: new InlineRunner(),
      events: new EventBus(log),
      log,
      planning: { log, events: new EventBus(log), concurrency: 8 },
    }).run();
    return summarize(plan, outcomes);
  }

  it("tells what another one is running", async () => {
    const summary = await runBeside(new ParentTask(), ["other_worker"]);
    expect(summaryText(summary)).toBe(
      framed(`
    Scheduled 2 tasks of which:
    * 2 were left pending, among these:
        * 1 were being run by another worker:
            - 1 LockTask()
        * 1 had dependencies that were being run by other worker:
            - 1 ParentTask()

    The other workers were:
        - other_worker ran 1 tasks

    Did not run any tasks
    This progress looks :) because there were no failed tasks or missing dependencies`),
    );
  });

  it("names five other workers, or four and the number of the rest", async () => {
    const { node } = graphOf({ all: ["a", "b", "c", "d", "e", "f"] });
    const workersOf = async (count: number) => {
      const others = Array.from({ length: count }, (_, n) => `w${n}`);
      return summaryText(await runBeside(node("all"), others)).split("The other workers were:\n")[1];
    };
    expect(await workersOf(5)).toMatch(
      /^ {4}- w0 ran 1 tasks\n {4}- w1 .*\n {4}- w2 .*\n {4}- w3 .*\n {4}- w4 ran 1 tasks\n\n\nThis progress/,
    );
    expect(await workersOf(6)).toMatch(
      /^ {4}- w0 ran 1 tasks\n {4}- w1 .*\n {4}- w2 .*\n {4}- w3 .*\n {4}and 2 other workers\nDid not run/,
    );
  });
});

describe("the status of a run", () => {
  type Row = [status: string, exitCode: number, task: () => Task];
  const rows: Row[] = [
    ["SUCCESS", 0, () => new RunOk()],
    ["FAILED", 30, () => new RunFail()],
    ["FAILED_AND_SCHEDULING_FAILED", 35, () => new RunMixed()],
    ["SCHEDULING_FAILED", 35, () => new RunSched()],
    ["NOT_RUN", 25, () => new RunDenied()],
    ["MISSING_EXT", 20, () => new RunExt()],
  ];

  it.each(rows)("is %s, with exit code %d", async (status, exitCode, task) => {
    const result = await run([task()], { log: recordLog() });
    expect([result.status, result.exitCode, result.succeeded]).toEqual([status, exitCode, exitCode === 0]);
  });

  it("takes the greatest exit code of those that apply", async () => {
    const result = await run([new RunExt(), new RunFail(), new RunDenied()], { log: recordLog() });
    expect([result.status, result.exitCode]).toEqual(["FAILED", 30]);
  });

  it("is a success with exit code 0 only when every requested task is complete", async () => {
    const result = await run([new Done({ n: 1 }), new Ext({ name: "a" })], { log: recordLog() });
    expect([result.status, result.exitCode]).toEqual(["MISSING_EXT", 20]);
  });

  it("is SUCCESS_WITH_RETRY when what failed succeeded later", async () => {
    const plan = await planOf([new Boom()]);
    const outcomes = new Outcomes(plan);
    outcomes.failed(new Boom().id, new Error("at first"));
    outcomes.succeeded(new Boom().id, 1);
    const summary = summarize(plan, outcomes);
    expect(statusOf(summary)).toBe("SUCCESS_WITH_RETRY");
    expect(outcomes.get(new Boom().id)).toEqual({
      state: "succeeded",
      everFailed: true,
      willRetry: false,
      error: undefined,
      seconds: 1,
    });
    expect(summaryText(summary)).toContain(
      "This progress looks :) because there were failed tasks but they all succeeded in a retry",
    );
  });
});
