import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LoadProgress } from "../src/load-progress.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

it("reports rows and bytes, and how many of them a second, at most once a second", () => {
  const reports: unknown[] = [];
  const progress = new LoadProgress({ progress: (fraction, message) => reports.push([fraction, message]) });
  progress.add({ rows: 1000, bytes: 500_000 });
  vi.advanceTimersByTime(999);
  progress.add({ rows: 2000, bytes: 500_000 });
  expect(reports).toEqual([]);
  vi.advanceTimersByTime(1);
  progress.add({ rows: 3000, bytes: 1_000_000 });
  progress.add({ rows: 4000, bytes: 1_000_000 });
  expect(reports).toEqual([[0, "3000 rows (3000/s), 2.0 MB (2.0 MB/s)"]]);
  vi.advanceTimersByTime(3000);
  progress.add({ bytes: 1_000_000 });
  expect(reports[1]).toEqual([0, "4.0 MB (1.0 MB/s)"]);
});
