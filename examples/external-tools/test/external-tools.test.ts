import { afterAll, expect, it } from "vitest";
import { asShown, ExampleRun } from "../../../test/support/readme-commands.ts";

const example = new ExampleRun("external-tools");
afterAll(() => example.remove());

it("the commands of the README print what it shows", async () => {
  const steps = await example.readme();
  expect(steps).toMatchObject(asShown(steps));
});
