import { TargetError } from "@leat/core";
import { describe, expect, it } from "vitest";
import { inShort } from "../src/errors.ts";

const refused = new Error("connect ECONNREFUSED 127.0.0.1:8899");

describe("an error in short", () => {
  it("has its causes, each text once", () => {
    const error = new TypeError("fetch failed", { cause: new Error("fetch failed", { cause: refused }) });
    expect(inShort(error)).toBe("fetch failed: connect ECONNREFUSED 127.0.0.1:8899");
  });

  it("is the message alone of an error of Leat, which says all", () => {
    expect(inShort(new TargetError("TARGET_UNAVAILABLE", "Look at the server.", { cause: refused }))).toBe(
      "Look at the server.",
    );
  });

  it("ends also where causes are a circle", () => {
    const error: Error = new Error("round");
    error.cause = error;
    expect(inShort(error)).toBe("round");
  });
});
