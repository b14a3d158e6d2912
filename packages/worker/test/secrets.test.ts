import { p, type RunContext, Task } from "@leat/core";
import { describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { failureOf } from "../src/errors.ts";
import { hideSecrets } from "../src/secrets.ts";
import { recordLog } from "./support.ts";

const secret = p.string({ visibility: "private" });

class SignsIn extends Task.with({
  user: p.string(),
  password: secret,
  pin: p.int({ visibility: "private" }),
}) {
  override output(): undefined {
    return undefined;
  }
  override run(context: RunContext): void {
    const { log } = context;
    log.info(`${this.user} signs in with ${this.password}`, { password: this.password, turn: 1 });
    context.progress(0.5, `trying ${this.password}`);
    throw new Error(`${this.user}:${this.password} was refused`, {
      cause: new Error(`bad ${this.password}`),
    });
  }
}

const task = new SignsIn({ user: "anna", password: 'h"unter2', pin: 7 });

describe("private parameters", () => {
  it("are masked in what a task logs, reports and throws", async () => {
    const log = recordLog();
    const events: string[] = [];
    const { outcomes, summaryText } = await run([task], {
      log,
      listen: (bus) => {
        bus.on("task:progress", ({ message }) => void events.push(String(message)));
        bus.on("task:failed", ({ error }) => void events.push(String(error.stack)));
      },
    });
    const { error } = outcomes.get(task.id);
    const seen = [summaryText, ...log.lines, ...events, error?.message, error?.stack, String(error?.cause)];
    expect(seen.join("\n")).not.toContain("unter2");
    expect(error?.message).toBe("anna:*** was refused");
    expect(log.lines).toContain(`info ${task}: anna signs in with ***`);
    expect(events[0]).toBe("trying ***");
  });

  it("are masked in fields of log lines", async () => {
    const fields: unknown[] = [];
    const log = { ...recordLog(), info: (_: string, given?: unknown) => void fields.push(given) };
    await run([task], { log });
    expect(fields).toContainEqual({ password: "***", turn: 1 });
  });

  it("are masked as they stand in JSON, too", () => {
    expect(hideSecrets(JSON.stringify({ password: task.password }), task)).toBe('{"password":"***"}');
  });

  it("that are short are masked only where they stand alone", () => {
    expect(hideSecrets("pin 7 of 17 or 7.", task)).toBe("pin *** of 17 or ***.");
  });

  it("are masked in errors whose message cannot be set", () => {
    const refused = new DOMException(`refused ${task.password}`, "AbortError");
    expect(failureOf(refused, task).message).toBe("refused ***");
  });

  it("are masked in what is thrown and is no error", () => {
    expect(failureOf({ password: task.password }, task).message).not.toContain("unter2");
    expect(failureOf(`with ${task.password}`, task).message).toBe(
      "A value that is no error was thrown: with ***",
    );
  });

  it("leave errors alone that do not tell them, and circles of causes", () => {
    const error = new Error("plain");
    error.cause = error;
    expect(failureOf(error, task)).toBe(error);
    expect(error.message).toBe("plain");
  });
});
