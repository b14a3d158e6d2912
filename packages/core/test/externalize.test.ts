import { externalize, MemoryTarget, p, Task } from "@leat/core";
import { expect, it } from "vitest";
import { leatError } from "./support.ts";

class Plays extends Task.with({ country: p.string() }) {
  static override readonly namespace = "songs";
  override output() {
    return new MemoryTarget(`externalize/${this.country}`);
  }
  override async run(): Promise<void> {
    await this.output().writeText("made");
  }
}

it("externalize() gives a class of the same ids and outputs, which is waited for and cannot run", async () => {
  const [made, awaited] = [new Plays({ country: "se" }), new (externalize(Plays))({ country: "se" })];
  expect(awaited.id).toBe(made.id);
  expect(awaited.output().path).toBe(made.output().path);
  expect(awaited.isExternal).toBe(true);
  expect(() => awaited.run()).toThrow(leatError("TASK_EXTERNAL"));
  await made.run();
  expect(await awaited.complete()).toBe(true);
});

it("externalize() leaves the class itself as it is", () => {
  externalize(Plays);
  expect(new Plays({ country: "se" }).isExternal).toBe(false);
});
