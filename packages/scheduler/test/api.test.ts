import { expect, it } from "vitest";
import * as api from "../src/index.ts";

it("exports these names at run time", () => {
  expect(Object.keys(api).sort()).toEqual(["LocalScheduler", "Scheduler", "SchedulerError"]);
});
