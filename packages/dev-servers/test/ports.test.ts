import { describe, expect, it } from "vitest";
import { onPort } from "../src/ports.ts";
import { ServerError } from "../src/server-process.ts";

const taken = () => new ServerError("A server ended", "bind: Address already in use");

describe("onPort", () => {
  it("takes another port when the first was taken", async () => {
    const tried: number[] = [];
    const port = await onPort(undefined, async (port) => {
      tried.push(port);
      if (tried.length < 3) throw taken();
      return port;
    });
    expect(port).toBe(tried[2]);
    expect(new Set(tried).size).toBe(3);
  });

  it("gives up after the third", async () => {
    let calls = 0;
    const starting = onPort(undefined, async () => {
      calls += 1;
      throw taken();
    });
    await expect(starting).rejects.toThrow("Address already in use");
    expect(calls).toBe(3);
  });

  it.each([
    ["a port that was asked for", 4000, taken()],
    ["another failure", undefined, new ServerError("A server ended", "no such disk")],
  ])("does not retry %s", async (_name, port, error) => {
    let calls = 0;
    const starting = onPort(port, async () => {
      calls += 1;
      throw error;
    });
    await expect(starting).rejects.toBe(error);
    expect(calls).toBe(1);
  });
});
