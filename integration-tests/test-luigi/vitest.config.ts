import { fileURLToPath } from "node:url";
import base from "../../vitest.config.ts";

// These tests need Python: they are not part of the normal run.
export default {
  ...base,
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    ...base.test,
    globalSetup: [],
    include: ["integration-tests/test-luigi/*.luigi.ts"],
    testTimeout: 300_000,
  },
};
