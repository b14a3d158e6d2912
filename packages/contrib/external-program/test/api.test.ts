import * as api from "@leat/external-program";
import { expect, it } from "vitest";

it("exports these names at run time", () => {
  expect(Object.keys(api).toSorted()).toEqual(["ExternalProgramTask", "ProgramError", "runProgram"]);
});
