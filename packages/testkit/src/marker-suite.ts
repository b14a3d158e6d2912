import { existence } from "./marker-suite/existence.ts";
import { expiring } from "./marker-suite/expiring.ts";
import { failing } from "./marker-suite/failing.ts";
import { identity } from "./marker-suite/identity.ts";
import type { MarkerStatements } from "./marker-suite/statements.ts";
import { transactions } from "./marker-suite/transactions.ts";
import type { MarkerCapabilities, MarkerWorkspace } from "./marker-workspace.ts";
import type { TestContext, TestRunner } from "./test-runner.ts";

/** Promises of all stores, and of those that declare a capability. */
const GROUPS: readonly (readonly [string, MarkerStatements, (keyof MarkerCapabilities)?])[] = [
  ["existence", existence],
  ["identity", identity],
  ["failing", failing],
  ["transactions", transactions, "transactional"],
  ["expiry", expiring, "expiry"],
];

/**
 * Defines tests that show whether a store of markers keeps its promises. Those that need a capability which the store does not
 * declare are reported as skipped, and the reason is printed.
 *
 * @param runner `{ describe, it }` of vitest or of node:test
 * @param name what is tested, for the report
 * @param factory makes an empty workspace; it is called, and the workspace disposed of, for each test
 */
export function markerSuite(
  runner: TestRunner,
  name: string,
  factory: () => MarkerWorkspace | Promise<MarkerWorkspace>,
): void {
  runner.describe(name, () => {
    for (const [group, statements, capability] of GROUPS) {
      runner.describe(group, () => {
        for (const [says, show] of Object.entries(statements)) {
          runner.it(says, (context) =>
            tryOut(factory, show, { context, capability, label: `${name}: ${says}` }),
          );
        }
      });
    }
  });
}

interface Trial {
  readonly context: TestContext;
  readonly capability: keyof MarkerCapabilities | undefined;
  readonly label: string;
}

async function tryOut(
  factory: () => MarkerWorkspace | Promise<MarkerWorkspace>,
  show: (workspace: MarkerWorkspace) => Promise<void>,
  { context, capability, label }: Trial,
): Promise<void> {
  const workspace = await factory();
  try {
    if (capability === undefined || workspace.capabilities[capability]) return await show(workspace);
  } finally {
    await workspace.dispose();
  }
  const reason = `the store declares ${capability}: false`;
  console.info(`skipped: ${label}: ${reason}`);
  context.skip(reason);
}
