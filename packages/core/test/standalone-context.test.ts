import { MemoryTarget, p, standaloneContext, Task } from "@leat/core";
import { describe, expect, it } from "vitest";
import { leatError } from "./support.ts";

class Part extends Task.with({ name: p.string() }) {
  override output() {
    return new MemoryTarget(`standalone/${this.name}`);
  }
  override async run(): Promise<void> {
    await this.output().writeText(this.name);
  }
}

describe("standaloneContext()", () => {
  const owner = new Part({ name: "owner" });

  it("gives the outputs of complete tasks by need(), in the same shape", async () => {
    await new Part({ name: "a" }).run();
    const { need } = standaloneContext(owner);
    const { one, list } = await need({ one: new Part({ name: "a" }), list: [new Part({ name: "a" })] });
    expect([one.path, list[0]?.path]).toEqual(["standalone/a", "standalone/a"]);
  });

  it("rejects need() of what is not complete, and names both tasks", async () => {
    const { need } = standaloneContext(owner);
    await expect(need(new Part({ name: "missing" }))).rejects.toThrow(
      leatError("TASK_NEED_UNMET", "Part(name=owner)", "Part(name=missing)"),
    );
  });

  it("says nothing, is not aborted, and takes what is given instead", () => {
    const said: string[] = [];
    const context = standaloneContext(owner, { status: (message) => said.push(message) });
    context.status("begun");
    context.progress(0.5);
    context.trackingUrl("http://cluster");
    context.releaseResources({ machine: 1 });
    context.log.warn("nobody hears it");
    expect(said).toEqual(["begun"]);
    expect(context.signal.aborted).toBe(false);
  });
});
