import { capabilityTests } from "./capability-tests.ts";
import { failureTests } from "./failure-tests.ts";
import { fileTests } from "./file-tests.ts";
import { loadTests } from "./load-tests.ts";
import type { LoadCapabilities, LoadWorkspace } from "./load-workspace.ts";
import { modeTests } from "./mode-tests.ts";
import { type TestRunner, testsWith } from "./runner.ts";
import { valueTests } from "./value-tests.ts";

/** What every loader promises, whatever the database. Calls `open` for each test. */
export function copyToTableSuite(
  runner: TestRunner,
  name: string,
  open: () => Promise<LoadWorkspace>,
  capabilities: LoadCapabilities,
): void {
  const test = testsWith(runner, open);
  runner.describe(`${name} as a loader`, () => {
    loadTests(test, capabilities);
    valueTests(test, capabilities);
    failureTests(test, capabilities);
    modeTests(test, capabilities);
    fileTests(test, capabilities);
    capabilityTests(test, capabilities);
  });
}
