import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalTarget, p, Task, UsageError, WrapperTask } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadTaskModule, taskModule } from "../src/task-module.ts";
import { taskFromTexts } from "../src/task-recipe.ts";
import { leatError } from "./support.ts";

class Top extends Task.with({ n: p.int(), name: p.string({ default: "x" }) }) {
  override output(): LocalTarget {
    return new LocalTarget("x");
  }
  override run(): void {}
}
abstract class Half extends Task {
  override run(): void {}
}
class All extends WrapperTask {}

const load = (exports: Readonly<Record<string, unknown>>) =>
  taskModule("songs.ts", "file:///songs.ts", exports);

describe("the tasks of a module", () => {
  it("are the classes that it exports and that can run, by family", () => {
    const named = load({
      Top,
      Renamed: Top,
      All,
      Half,
      WrapperTask,
      Base: Task.with({}),
      notATask: Map,
      n: 1,
    });
    expect([...named.classes.keys()]).toEqual(["Top", "All"]);
    expect(named.get("Top")).toBe(Top);
  });

  it("are not found by another name; the message suggests one", () => {
    expect(() => load({ Top, All }).get("Topp")).toThrow(
      leatError("TASK_NOT_FOUND", 'There is no task "Topp". Did you mean Top?', 'needs "export"'),
    );
  });

  it("are not those that lack a method", () => {
    expect(() => load({ Half }).get("Half")).toThrow(
      leatError("TASK_NOT_FOUND", "Half is abstract: it lacks output() or run()."),
    );
  });

  it("may be none", () => {
    expect(() => load({ n: 1 }).get("Top")).toThrow(
      leatError("TASK_NOT_FOUND", "The module songs.ts exports no tasks", 'Put "export"'),
    );
  });

  it("are ambiguous when two have one name", () => {
    const other = { Top: class Top extends All {} };
    expect(() => load({ Top, Other: other.Top }).get("Top")).toThrow(
      leatError("TASK_AMBIGUOUS", "songs.ts exports two tasks with the name Top", "namespace"),
    );
  });

  it("are made from texts", () => {
    const module = load({ Top });
    expect(String(taskFromTexts(module, "Top", { n: "007" }))).toBe("Top(n=7, name=x)");
    const refusal = leatError("PARAMETER_INVALID", 'Top.n does not accept "many"');
    expect(() => taskFromTexts(module, "Top", { n: "many" })).toThrow(refusal);
    const unknown = leatError("PARAMETER_UNKNOWN", '"m"');
    expect(() => taskFromTexts(module, "Top", { n: "1", m: "2" })).toThrow(unknown);
  });

  it("find the tasks of the same module that their parameters name", () => {
    class Each extends WrapperTask.with({ of: p.taskClass() }) {}
    const each = taskFromTexts(load({ Each, Top }), "Each", { of: "Top" });
    expect((each as Each).of).toBe(Top);
    const unknown = leatError("PARAMETER_INVALID", "Each.of", "Did you mean Top?");
    expect(() => taskFromTexts(load({ Each, Top }), "Each", { of: "Topp" })).toThrow(unknown);
  });
});

describe("loadTaskModule()", () => {
  let directory: string;
  const write = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "leat-module-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("finds a module by path and by URL", async () => {
    const path = write("tasks.mjs", "export const n = 1;");
    expect((await loadTaskModule(path)).url).toBe(pathToFileURL(path).href);
    expect((await loadTaskModule(pathToFileURL(path).href)).url).toBe(pathToFileURL(path).href);
  });

  it("names a module that is not there and suggests the one that is", async () => {
    await expect(loadTaskModule(join(directory, "nowhere.ts"))).rejects.toEqual(
      leatError("MODULE_NOT_FOUND", "nowhere.ts", "Give the path of a .ts or .js file"),
    );
    write("songs.ts", "");
    await expect(loadTaskModule(join(directory, "songs"))).rejects.toEqual(
      leatError("MODULE_NOT_FOUND", "Did you mean", "songs.ts?"),
    );
    mkdirSync(join(directory, "folder.ts"));
    await expect(loadTaskModule(join(directory, "folder.ts"))).rejects.toEqual(leatError("MODULE_NOT_FOUND"));
  });

  it("keeps what a module throws as the cause", async () => {
    const path = write("throws.mjs", 'throw new RangeError("no settings");');
    const error: unknown = await loadTaskModule(path).catch((thrown: unknown) => thrown);
    expect(error).toEqual(leatError("MODULE_INVALID", "Cannot load the module", "RangeError: no settings"));
    expect((error as UsageError).cause).toMatchObject({ message: "no settings" });
  });
});
