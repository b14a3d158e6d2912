import { fileTargetSuite } from "@leat/testkit";
import { describe, it } from "vitest";
import { openMemoryWorkspace } from "./memory-workspace.ts";

fileTargetSuite({ describe, it }, "MemoryTarget", () => openMemoryWorkspace());
