import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Packages are tested from their sources: the "@leat/source" condition of their exports. Node gets these conditions for
// `require` too, so "import" must not be among them: pg would be given the ES modules of its own parts.
const conditions = ["@leat/source", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // Most tests wait for servers and processes, so that more of them than cores keep the cores busy.
    maxWorkers: availableParallelism() + 1,
    include: ["{packages,examples,integration-tests,test}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Starts a server when the first test asks for it, and stops all at the end.
    globalSetup: ["packages/dev-servers/src/vitest-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // How long `expect.poll` waits: it bounds a hang, and is no measure of how soon a thing is to happen.
    expect: { poll: { timeout: 60_000 } },
    reporters: process.env["CI"]
      ? ["default", ["json", { outputFile: ".vitest/results.json" }]]
      : ["default"],
  },
});
