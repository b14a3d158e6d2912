import { attemptOrder } from "@leat/copy-to-table";
import { expect, it } from "vitest";

it("reads the token of a shared scheduler, whose epoch is a time", () => {
  const began = Date.UTC(2026, 10, 21);
  expect(attemptOrder(`${began.toString(36)}-12`)).toEqual({ epoch: began, number: 12 });
});

it("gives none for a run of its own, whose attempts have no order among processes", () => {
  expect(attemptOrder("1-12")).toBeUndefined();
});

it.each([
  ["standalone", "without a number"],
  ["mi000000-", "without a number"],
  ["mi000000-1-2", "with more behind it"],
  ["MI000000-1", "in capitals"],
  ["zzzzzzzzzzz-1", "with an epoch beyond exact numbers"],
  [`mi000000-${"9".repeat(16)}`, "with a number beyond exact ones"],
])("gives none for %s, which is a text %s", (token) => {
  expect(attemptOrder(token)).toBeUndefined();
});
