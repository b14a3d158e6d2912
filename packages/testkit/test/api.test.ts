import * as testkit from "@leat/testkit";
import { expect, it } from "vitest";

it("exports what test files use", () => {
  expect(Object.keys(testkit).sort()).toEqual([
    "FILE_NAMES",
    "cutsOf",
    "fileTargetSuite",
    "markerSuite",
    "startTcpFaultProxy",
  ]);
});
