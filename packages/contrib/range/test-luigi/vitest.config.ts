import { join } from "node:path";
import { defineConfig } from "vitest/config";
import base from "../../../../vitest.config.ts";

// Compares with Luigi itself, which needs Python and, the first time, a package registry: not part of the normal run.
export default defineConfig({
  ...base,
  root: join(import.meta.dirname, "../../../.."),
  test: {
    include: ["packages/contrib/range/test-luigi/*.luigi.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
