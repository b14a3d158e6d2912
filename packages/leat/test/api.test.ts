import * as core from "@leat/core";
import { expect, it } from "vitest";
import * as api from "../src/index.ts";

it("exports all of core, run() and loadConfiguration()", () => {
  expect(Object.keys(api).toSorted()).toEqual([...Object.keys(core), "loadConfiguration", "run"].toSorted());
});
