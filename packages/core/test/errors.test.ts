import { LeatError, messageOf, TargetError, TaskError, UsageError } from "@leat/core";
import { describe, expect, it } from "vitest";

describe("LeatError", () => {
  it("carries code, cause, details and its class name", () => {
    const cause = new Error("socket closed");
    const error = new TargetError("TARGET_UNAVAILABLE", "No connection.", {
      cause,
      retryable: true,
      details: { port: 21 },
    });
    expect(error).toMatchObject({
      name: "TargetError",
      code: "TARGET_UNAVAILABLE",
      message: "No connection.",
      cause,
      retryable: true,
      details: { port: 21 },
    });
    expect(error).toBeInstanceOf(LeatError);
  });

  it("is not retryable and has neither cause nor details unless told so", () => {
    const error = new UsageError("CYCLE", "Round and round.");
    expect(error.retryable).toBe(false);
    expect(error.details).toEqual({});
    expect("cause" in error).toBe(false);
  });

  it("names the task of a task error, also among the details", () => {
    const error = new TaskError("TASK_INCOMPLETE", "T__1", "Its output is missing.", {
      details: { attempt: 2 },
    });
    expect(error.taskId).toBe("T__1");
    expect(error.details).toEqual({ attempt: 2, taskId: "T__1" });
  });

  it("is known by a mark, not by its class, so that another copy of the package may have made it", () => {
    const ofAnotherCopy = Object.assign(new Error("far away"), { [Symbol.for("leat.error")]: true });
    expect(LeatError.is(ofAnotherCopy)).toBe(true);
    expect(LeatError.is(new UsageError("CYCLE", "x"))).toBe(true);
    expect(LeatError.is(new Error("x"))).toBe(false);
    expect(LeatError.is({ [Symbol.for("leat.error")]: true })).toBe(false);
    expect(LeatError.is(null)).toBe(false);
  });
});

describe("messageOf", () => {
  it("gives the message of an error and the text of anything else", () => {
    expect(messageOf(new Error("broken"))).toBe("broken");
    expect(messageOf("a string")).toBe("a string");
    expect(messageOf(undefined)).toBe("undefined");
  });
});
