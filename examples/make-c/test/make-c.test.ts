import { spawnSync } from "node:child_process";
import { describeUnless } from "@leat-internal/dev-servers/vitest";
import { afterAll, expect, it } from "vitest";
import { asShown, ExampleRun } from "../../../test/support/readme-commands.ts";

const isThere = spawnSync("gcc", ["--version"]).status === 0;
const missing = isThere ? undefined : "it is not installed. Run: sudo apt-get install gcc libc6-dev";

describeUnless(missing, "gcc")("a C program", () => {
  const example = new ExampleRun("make-c");
  afterAll(() => example.remove());

  it("is made by the commands of the README, which print what it shows", async () => {
    const steps = await example.readme();
    expect(steps).toMatchObject(asShown(steps));
  });
});
