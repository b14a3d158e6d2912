// Run by node:test, from node-test-runner.test.ts.
import { describe, it } from "node:test";
import { fileTargetSuite } from "@leat/testkit";
import { openMemoryWorkspace } from "./memory-workspace.ts";

fileTargetSuite({ describe, it }, "MemoryTarget", () => openMemoryWorkspace());
