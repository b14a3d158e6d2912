import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("runs the suite with node:test as with vitest", () => {
  const file = fileURLToPath(new URL("./memory-target.node.ts", import.meta.url));
  const args = ["--conditions=@leat/source", "--import=tsx", "--test", "--test-reporter=tap", file];
  // A run of node:test inside of one reports to that one instead.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: "utf8", env });

  const count = (label: string): number => Number(new RegExp(`^# ${label} (\\d+)$`, "m").exec(stdout)?.[1]);
  expect(stdout).toContain("# SKIP the workspace does not give childModule");
  expect(count("fail")).toBe(0);
  expect(count("pass")).toBeGreaterThan(60);
  expect(count("skipped")).toBeGreaterThan(10);
  expect(status).toBe(0);
});
