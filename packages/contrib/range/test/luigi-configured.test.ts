import { Configuration, useConfiguration } from "@leat/core";
import { RangeDaily } from "@leat/range";
import { afterEach, expect, it } from "vitest";
import { date, markedTasks } from "./support.ts";

const before = useConfiguration(new Configuration());
afterEach(() => void useConfiguration(before.configuration, before.context));

it("days_back of the section is the default, and a value given in code beats it", () => {
  const { Daily: of } = markedTasks(new Set());
  const sections = { RangeDaily: { days_back: "123" } };
  useConfiguration(new Configuration([{ origin: "luigi.cfg", syntax: "cfg", sections }]));
  const start = date("2026-11-01");
  expect(new RangeDaily({ of, start }).daysBack).toBe(123);
  expect(new RangeDaily({ of, start, daysBack: 7 }).daysBack).toBe(7);
});
