import { expect, it } from "vitest";
import * as api from "../src/index.ts";

it("exports what it promises, and nothing else", () => {
  expect(Object.keys(api).toSorted()).toEqual([
    "LOG_LEVELS",
    "RUNNERS",
    "assist",
    "classOf",
    "createLogger",
    "failureOf",
    "loadPlugins",
    "loadTaskModule",
    "nameOf",
    "nearNames",
    "notFoundMessage",
    "planTasks",
    "reasonOf",
    "run",
    "systemClock",
    "taskFromTexts",
    "withoutControls",
  ]);
});
