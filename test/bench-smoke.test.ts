import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { growthOf } from "../bench/lib/growth.ts";
import { OperationCounter } from "../bench/lib/operations.ts";

// What `npm run bench:smoke` fails by: that it sees a change in the order of growth.

const CODE = `
export function linear(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += i;
  return sum;
}
export function quadratic(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += i * j;
  return sum;
}
`;

const folder = mkdtempSync(join(tmpdir(), "leat-growth-"));
const counter = new OperationCounter((url) => url.endsWith("/grows.mjs"));
let code: { linear(n: number): number; quadratic(n: number): number };

beforeAll(async () => {
  await counter.start();
  const path = join(folder, "grows.mjs");
  writeFileSync(path, CODE);
  code = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as typeof code;
});
afterAll(() => {
  counter.stop();
  rmSync(folder, { recursive: true });
});

const growth = (work: (n: number) => number) => ({
  what: "work",
  limit: 1.15,
  sizes: [100, 200, 400, 800],
  count: (n: number) => counter.count(async () => work(n)),
});

it("code whose cost is proportional to n is within the limit", async () => {
  const { exponent, isWithin } = await growthOf(growth((n) => code.linear(n)));
  expect(exponent).toBeCloseTo(1, 1);
  expect(isWithin).toBe(true);
});

it("code whose cost is quadratic is not", async () => {
  const { exponent, isWithin } = await growthOf(growth((n) => code.quadratic(n)));
  expect(exponent).toBeCloseTo(2, 1);
  expect(isWithin).toBe(false);
});
