import { EventBus, type Logger } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job } from "./support.ts";

class Work extends Job {}

function openBus() {
  const errors: string[] = [];
  const ignore = (): void => {};
  const log: Logger = { debug: ignore, info: ignore, warn: ignore, error: (message) => errors.push(message) };
  return { bus: new EventBus(log), errors };
}

describe("EventBus", () => {
  it("tells the listeners of an event, in the order in which they came", () => {
    const { bus } = openBus();
    const heard: unknown[] = [];
    bus.on("task:started", ({ task }) => void heard.push(["first", task]));
    bus.on("task:started", ({ task }) => void heard.push(["second", task]));
    bus.on("task:failed", () => void heard.push("another event"));
    const task = new Work();
    bus.emit("task:started", { task });
    expect(heard).toEqual([
      ["first", task],
      ["second", task],
    ]);
  });

  it("does not tell a listener that was taken away", () => {
    const { bus } = openBus();
    const heard: string[] = [];
    const off = bus.on("task:started", () => void heard.push("taken away"));
    bus.on("task:started", () => void heard.push("kept"));
    off();
    bus.emit("task:started", { task: new Work() });
    expect(heard).toEqual(["kept"]);
  });

  it("counts the same function once", () => {
    const { bus } = openBus();
    let calls = 0;
    const listener = (): void => void calls++;
    bus.on("task:started", listener);
    bus.on("task:started", listener);
    bus.emit("task:started", { task: new Work() });
    expect(calls).toBe(1);
  });

  it("logs a listener that throws and tells the others", () => {
    const { bus, errors } = openBus();
    let heard = false;
    bus.on("task:started", () => {
      throw new Error("no disk");
    });
    bus.on("task:started", () => void (heard = true));
    bus.emit("task:started", { task: new Work() });
    expect(heard).toBe(true);
    expect(errors).toEqual([expect.stringMatching(/^A listener of task:started failed: Error: no disk/)]);
  });

  it("logs an asynchronous listener that rejects", async () => {
    const { bus, errors } = openBus();
    bus.on("task:started", async () => {
      throw new Error("no network");
    });
    bus.emit("task:started", { task: new Work() });
    await Promise.resolve();
    expect(errors).toEqual([expect.stringContaining("no network")]);
  });

  it("leaves a listener that comes during an event for the next one", () => {
    const { bus } = openBus();
    const heard: string[] = [];
    bus.on("task:started", () => {
      heard.push("old");
      bus.on("task:started", () => void heard.push("new"));
    });
    bus.emit("task:started", { task: new Work() });
    expect(heard).toEqual(["old"]);
  });

  it("does nothing when nobody listens", () => {
    const { bus, errors } = openBus();
    bus.emit("task:progress", { task: new Work(), fraction: 0.5, message: undefined });
    expect(errors).toEqual([]);
  });
});
