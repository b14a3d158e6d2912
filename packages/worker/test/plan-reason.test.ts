import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExternalTask, LocalTarget, p, Task } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reasonOf } from "../src/plan-reason.ts";
import { planOf } from "./support.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-reason-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

class Source extends ExternalTask.with({ directory: p.string(), name: p.string() }) {
  override output() {
    return new LocalTarget(`${this.directory}/${this.name}`);
  }
}

class Daily extends Task.with({
  directory: p.string(),
  key: p.string({ visibility: "private", default: "hush-hush" }),
}) {
  override requires(): Task[] {
    return [
      new Source({ directory: this.directory, name: "here" }),
      new Source({ directory: this.directory, name: "gone" }),
    ];
  }
  override output() {
    const fresh = (name: string) => new LocalTarget(`${this.directory}/${name}`, { maxAgeSeconds: 3600 });
    return { old: fresh("old"), absent: fresh(`absent-${this.key}`), young: fresh("young") };
  }
  override run(): void {}
}

function write(name: string, ageSeconds = 0): void {
  const path = join(directory, name);
  writeFileSync(path, "");
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(path, then, then);
}

async function reasonsFor(task: Task) {
  const plan = await planOf([task]);
  return Object.fromEntries([...plan.tasks.keys()].map((id) => [id, reasonOf(plan, id)]));
}

describe("the reason of a task in a plan", () => {
  it("names what is complete, what is absent and what it waits for, as plain JSON without secrets", async () => {
    write("here");
    write("young");
    write("old", 3 * 3600 + 60);
    const task = new Daily({ directory });
    const [here, gone] = task.requires() as [Task, Task];
    const reasons = await reasonsFor(task);
    expect(reasons).toEqual({
      [here.id]: { kind: "complete", targets: [join(directory, "here")] },
      [gone.id]: { kind: "external", targets: [join(directory, "gone")], stale: [] },
      [task.id]: {
        kind: "waits",
        for: [gone.id],
        targets: [join(directory, "absent-***")],
        stale: [
          {
            target: join(directory, "old"),
            reason: "is 3 hours old, and counts as absent from 60 minutes on",
          },
        ],
      },
    });
    expect(JSON.parse(JSON.stringify(reasons))).toEqual(reasons);
  });

  it("says that a task can run, that it is disabled, and that it is broken", async () => {
    class Ready extends Daily {
      override requires(): Task[] {
        return [];
      }
    }
    class Off extends Ready {
      override get disabled() {
        return true;
      }
    }
    class Broken extends Daily {
      override requires(): never {
        throw new TypeError("no date");
      }
    }
    class NotATarget extends Daily {
      override output(): never {
        return "text" as never;
      }
    }
    const kinds: unknown[] = [];
    for (const Class of [Ready, Off, Broken, NotATarget]) {
      const task = new Class({ directory });
      kinds.push((await reasonsFor(task))[task.id]);
    }
    expect(kinds).toMatchObject([
      { kind: "missing" },
      { kind: "disabled" },
      { kind: "broken", message: "no date" },
      { kind: "broken", code: "OUTPUT_INVALID" },
    ]);
    expect(kinds[2]).not.toHaveProperty("code");
  });
});
