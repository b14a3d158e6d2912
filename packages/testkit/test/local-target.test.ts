import { fileTargetSuite } from "@leat/testkit";
import { describe, it } from "vitest";
import { openLocalWorkspace } from "./local-workspace.ts";

fileTargetSuite({ describe, it }, "LocalTarget", () => openLocalWorkspace());
fileTargetSuite({ describe, it }, "LocalTarget, flushed to the disk", () => openLocalWorkspace("fsync"));
