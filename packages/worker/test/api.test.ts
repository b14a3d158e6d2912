import { expect, it } from "vitest";
import * as api from "../src/index.ts";

it("exports what it promises, and nothing else", () => {
  expect(Object.keys(api).toSorted()).toEqual([
    "LOG_LEVELS",
    "RUNNERS",
    "classOf",
    "createLogger",
    "loadTaskModule",
    "nameOf",
    "notFoundMessage",
    "planTasks",
    "run",
    "taskFromTexts",
    "withoutControls",
  ]);
});
