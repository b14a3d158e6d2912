import { ExternalTask, p, type RunContext, type RunEventName, Task } from "@leat/core";
import { beforeEach, describe, expect, it } from "vitest";
import { run, type RunOptions } from "../src/run.ts";
import { deferred, leatError, nodeName, recordEvents, recordLog } from "./support.ts";

type Body = (context: RunContext, job: Job) => Promise<void> | void;

/** What was done, in order, and what is complete. */
let done: Set<string>;
let steps: string[];
let bodies: Record<string, Body>;

beforeEach(() => {
  done = new Set();
  steps = [];
  bodies = {};
});

/** A task whose run is given by the test. */
class Job extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    return done.has(this.name);
  }
  override async run(context: RunContext): Promise<void> {
    steps.push(`${this.name} begins`);
    await bodies[this.name]?.(context, this);
    steps.push(`${this.name} ends`);
    done.add(this.name);
  }
}

class Absent extends ExternalTask.with({ name: p.string({ default: "absent" }) }) {
  override output(): undefined {
    return undefined;
  }
}

class Unplannable extends Job {
  override requires(): never {
    throw new Error("no way to tell");
  }
}

const job = (name: string) => new Job({ name });

function runJobs(names: readonly string[], options: RunOptions = {}) {
  return run(names.map(job), { log: recordLog(), ...options });
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.includes("====="));
}

describe("need()", () => {
  it("gives what goes on the token of the newer attempt, and keeps it where nothing was waited for", async () => {
    const tokens: string[] = [];
    bodies["a"] = async (context) => {
      tokens.push(context.token);
      await context.need(job("b"));
      tokens.push(context.token);
      await context.need(job("b"));
      tokens.push(context.token);
    };
    await runJobs(["a"]);
    const [first, second, third] = tokens;
    expect(first).toMatch(/^1-\d+$/);
    expect(second).toMatch(/^1-\d+$/);
    expect(Number(second?.slice(2))).toBeGreaterThan(Number(first?.slice(2)));
    expect(third).toBe(second);
  });

  it("suspends the run where it stands and goes on with its stack when what it needs is complete", async () => {
    bodies["a"] = async ({ need }) => {
      const local = Symbol("kept");
      const before = local;
      await need(job("b"));
      steps.push(`a goes on ${before === local}`);
    };
    const { status } = await runJobs(["a"]);
    expect(status).toBe("SUCCESS");
    expect(steps).toEqual(["a begins", "b begins", "b ends", "a goes on true", "a ends"]);
  });

  it("gives the outputs in the shape of what is asked for", async () => {
    class Text extends Job {
      override output(): never {
        return `output of ${this.name}` as never;
      }
    }
    let answer: unknown;
    bodies["a"] = async ({ need }) => {
      answer = await need({
        one: new Text({ name: "x" }),
        more: [new Text({ name: "y" }), new Text({ name: "x" })],
      });
    };
    done = new Set(["x", "y"]);
    await runJobs(["a"]);
    expect(answer).toEqual({ one: "output of x", more: ["output of y", "output of x"] });
  });

  it("answers at once, without giving up its place, when all is complete", async () => {
    done.add("b");
    bodies["a"] = async ({ need }) => {
      await need([job("b")]);
      await need(undefined);
    };
    const events: string[] = [];
    const result = await runJobs(["a"], {
      listen: (bus) => {
        for (const name of ["task:suspended", "task:started"] as const)
          bus.on(name, () => void events.push(name));
      },
    });
    expect(result.succeeded).toBe(true);
    expect(events).toEqual(["task:started"]);
  });

  it("runs what the needed tasks require before them", async () => {
    class Above extends Job {
      override requires() {
        return job("below");
      }
    }
    bodies["a"] = async ({ need }) => {
      await need(new Above({ name: "above" }));
    };
    await runJobs(["a"]);
    expect(steps.filter((step) => step.endsWith("ends"))).toEqual(["below ends", "above ends", "a ends"]);
  });

  it("may be nested as deep as one likes with a single worker", async () => {
    const depth = 200;
    for (let level = 0; level < depth; level++) {
      bodies[`n${level}`] = async ({ need }) => {
        await need(job(`n${level + 1}`));
      };
    }
    const { status, summary } = await runJobs(["n0"], { workers: 1 });
    expect(status).toBe("SUCCESS");
    expect(summary.succeeded).toHaveLength(depth + 1);
  });

  it("in parallel branches is answered when all of them are complete", async () => {
    bodies["a"] = async ({ need }) => {
      await Promise.all(
        ["b", "c"].map(async (name) => {
          await need(job(name));
          steps.push(`branch ${name}`);
        }),
      );
    };
    await runJobs(["a"], { workers: 2 });
    expect(steps.indexOf("branch b")).toBeGreaterThan(steps.indexOf("c ends"));
    expect(steps.indexOf("branch c")).toBeGreaterThan(steps.indexOf("b ends"));
    expect(steps.at(-1)).toBe("a ends");
  });

  it("asked again while the attempt waits, waits for that as well", async () => {
    const later = deferred();
    bodies["b"] = () => later.resolve();
    bodies["a"] = async ({ need }) => {
      const first = need(job("b"));
      await later.promise;
      await Promise.all([first, need(job("c"))]);
    };
    const { status } = await runJobs(["a"]);
    expect(status).toBe("SUCCESS");
    expect(steps.slice(-2)).toEqual(["c ends", "a ends"]);
  });

  it("of one task by two others runs it once", async () => {
    for (const name of ["a", "b"])
      bodies[name] = async ({ need }) => {
        await need(job("shared"));
      };
    await runJobs(["a", "b"], { workers: 2 });
    expect(steps.filter((step) => step === "shared begins")).toHaveLength(1);
  });

  it("gives back resources while it waits", async () => {
    class Locked extends Job {
      override get resources() {
        return { lock: 1 };
      }
    }
    bodies["a"] = async ({ need }) => {
      await need(new Locked({ name: "b" }));
    };
    const { status } = await run([new Locked({ name: "a" })], { log: recordLog() });
    expect(status).toBe("SUCCESS");
  });

  it("tells the events of waiting, and counts only the time of running", async () => {
    bodies["a"] = async ({ need }) => {
      await need([job("b"), job("c")]);
    };
    let seen: string[] = [];
    const names: RunEventName[] = ["task:started", "task:suspended", "task:resumed", "task:succeeded"];
    await runJobs(["a"], {
      listen: (bus) => {
        seen = recordEvents(bus, names, (name, event) => {
          const { task, dependencies = [] } = event as { task: Task; dependencies?: readonly Task[] };
          return `${name} ${nodeName(task)} ${dependencies.map(nodeName).join()}`.trim();
        });
      },
    });
    expect(seen).toEqual([
      "task:started a",
      "task:suspended a b,c",
      "task:started b",
      "task:succeeded b",
      "task:started c",
      "task:succeeded c",
      "task:resumed a",
      "task:succeeded a",
    ]);
  });
});

describe("need() of what cannot be completed", () => {
  it("rejects with every reason after the rest was run, and leaves the task pending with failed dependencies", async () => {
    bodies["bad"] = () => {
      throw new Error("no luck");
    };
    let thrown: unknown;
    bodies["a"] = async ({ need }) => {
      try {
        await need([job("bad"), job("good"), new Absent()]);
      } catch (error) {
        thrown = error;
        throw error;
      }
    };
    const { summaryText, exitCode, plan } = await runJobs(["a"]);
    expect(thrown).toEqual(
      leatError(
        "TASK_NEED_UNMET",
        "Job(name=a) needs",
        "Job(name=bad) failed: no luck",
        "Absent",
        "is external and not there",
      ),
    );
    expect(steps).toContain("good ends");
    expect(plan.needs.get(job("a").id)).toEqual([job("bad").id, job("good").id, new Absent().id]);
    expect(linesOf(summaryText)).toEqual([
      "Scheduled 4 tasks of which:",
      "* 1 ran successfully:",
      "    - 1 Job(name=good)",
      "* 1 failed:",
      "    - 1 Job(name=bad)",
      "* 2 were left pending, among these:",
      "    * 1 were missing external dependencies:",
      "        - 1 Absent(name=absent)",
      "    * 1 had failed dependencies:",
      "        - 1 Job(name=a)",
      "    * 1 had missing dependencies:",
      "        - 1 Job(name=a)",
      "This progress looks :( because there were failed tasks",
    ]);
    expect(exitCode).toBe(30);
  });

  it("can be caught, and the run goes on", async () => {
    bodies["bad"] = () => {
      throw new Error("no luck");
    };
    bodies["a"] = async ({ need }) => {
      await need(job("bad")).catch(() => steps.push("caught"));
      await need(job("good"));
    };
    const { summary } = await runJobs(["a"]);
    expect(steps.slice(-2)).toEqual(["good ends", "a ends"]);
    expect(summary.succeeded.map(nodeName)).toEqual(expect.arrayContaining(["a", "good"]));
  });

  it("names the task behind which another waits in vain", async () => {
    bodies["bad"] = () => {
      throw new Error("no luck");
    };
    class Above extends Job {
      override requires() {
        return job("bad");
      }
    }
    let message = "";
    bodies["a"] = async ({ need }) => {
      await need(new Above({ name: "above" })).catch((error: Error) => (message = error.message));
    };
    await runJobs(["a"]);
    expect(message).toContain("Above(name=above) waits for Job(name=bad), which failed: no luck");
  });

  it("rejects for a task that cannot be planned, and for one that is disabled", async () => {
    class Off extends Job {
      override get disabled() {
        return true;
      }
    }
    const messages: string[] = [];
    bodies["a"] = async ({ need }) => {
      for (const task of [new Unplannable({ name: "x" }), new Off({ name: "off" })]) {
        await need(task).catch((error: Error) => messages.push(error.message));
      }
    };
    const { summary } = await runJobs(["a"]);
    expect(messages[0]).toContain("Unplannable(name=x) cannot be planned: no way to tell");
    expect(messages[1]).toContain("Off(name=off) is disabled");
    expect(summary.schedulingFailed.map(nodeName)).toEqual(["x"]);
  });

  it("refuses a task that waits for the one that asks", async () => {
    class Above extends Job {
      override requires() {
        return job("a");
      }
    }
    const errors: unknown[] = [];
    bodies["a"] = async ({ need }) => {
      await need(new Above({ name: "above" })).catch((error: unknown) => errors.push(error));
      await need(job("a")).catch((error: unknown) => errors.push(error));
    };
    await runJobs(["a"]);
    expect(errors).toEqual([
      leatError("CYCLE", "Job(name=a) → Above(name=above) → Job(name=a)"),
      leatError("CYCLE", "Job(name=a) → Job(name=a)"),
    ]);
  });

  it("refuses the second of two tasks that need each other", async () => {
    const errors: unknown[] = [];
    const needs =
      (name: string): Body =>
      async ({ need }) => {
        await need(job(name)).catch((error: unknown) => errors.push(error));
      };
    bodies["a"] = needs("b");
    bodies["b"] = needs("a");
    const { status } = await runJobs(["a", "b"]);
    expect(errors).toEqual([leatError("CYCLE", "Job(name=b) → Job(name=a) → Job(name=b)")]);
    expect(status).toBe("SUCCESS");
  });

  it("refuses what is no task", async () => {
    let error: unknown;
    bodies["a"] = async ({ need }) => {
      error = await need("b" as never).catch((thrown: unknown) => thrown);
    };
    await runJobs(["a"]);
    expect(error).toEqual(leatError("DEPENDENCY_INVALID", "Job(name=a)"));
  });

  it("refuses a call after the attempt has ended", async () => {
    let late: RunContext["need"] | undefined;
    bodies["a"] = ({ need }) => {
      late = need;
    };
    await runJobs(["a"]);
    await expect(late?.(job("b"))).rejects.toEqual(leatError("NEED_INVALID", "after its attempt had ended"));
  });
});

describe("a run with a suspended attempt", () => {
  it("that is drained leaves it pending and begins nothing more", async () => {
    const drain = new AbortController();
    bodies["b"] = () => drain.abort(new Error("enough"));
    bodies["a"] = async ({ need }) => {
      await need([job("b"), job("c")]);
    };
    const { summary } = await runJobs(["a"], { drain: drain.signal });
    expect(steps).toEqual(["a begins", "b begins", "b ends"]);
    expect(summary.succeeded.map(nodeName)).toEqual(["b"]);
    expect(summary.pending.map(nodeName).toSorted()).toEqual(["a", "c"]);
  });

  it("that is cancelled ends it", async () => {
    const cancel = new AbortController();
    let reason: unknown;
    bodies["b"] = async () => {
      cancel.abort(new Error("stop"));
      await new Promise(() => undefined);
    };
    bodies["a"] = async ({ need, signal }) => {
      signal.addEventListener("abort", () => (reason = signal.reason));
      await need(job("b"));
    };
    const { summary } = await runJobs(["a"], { signal: cancel.signal });
    expect(reason).toEqual(leatError("TASK_ABORTED", "Job(name=a)"));
    expect(summary.failed.map(nodeName).toSorted()).toEqual(["a", "b"]);
  });

  it("whose code does not wait for what it asked for reports it as it ends", async () => {
    bodies["b"] = async () => {
      await new Promise((resolve) => setImmediate(resolve));
    };
    bodies["a"] = async ({ need }) => {
      need(job("b")).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const { status } = await runJobs(["a"]);
    expect(status).toBe("SUCCESS");
  });
});
