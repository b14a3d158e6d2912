import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inTemporaryDirectory } from "../src/directories.ts";
import { runToEnd, ServerError, ServerProcess } from "../src/server-process.ts";

function node(script: string): ServerProcess {
  const args = ["--eval", script];
  return new ServerProcess({
    name: "a server",
    command: process.execPath,
    args,
    directory: "/",
    stopGraceMs: 50,
  });
}

const forEver = "setInterval(() => {}, 1000);";

describe("a server process", () => {
  it("is ready when the probe is content", async () => {
    const server = node(`console.log("up"); ${forEver}`);
    await server.waitUntilReady(async () => {
      if (server.output !== "up\n") throw new Error("not yet");
    });
    await server.stop();
    expect(await server.ended).toBe("signal SIGTERM");
  });

  it("that ends early says what it wrote last", async () => {
    const server = node('console.error("no such disk"); process.exit(3)');
    const waiting = server.waitUntilReady(() => Promise.reject(new Error("not yet")));
    await expect(waiting).rejects.toThrow(
      "a server ended before it was ready (exit code 3). Its last output:\nno such disk",
    );
  });

  it("that is never ready is ended", async () => {
    const server = node(forEver);
    const waiting = server.waitUntilReady(() => Promise.reject(new Error("not yet")), 50);
    await expect(waiting).rejects.toThrow("a server was not ready after 50 ms");
    expect(await server.ended).toBe("signal SIGKILL");
  });

  it("that ignores the signal to end is killed", async () => {
    const server = node(`process.on("SIGTERM", () => console.log("no")); console.log("up"); ${forEver}`);
    await expect.poll(() => server.output).toContain("up");
    await server.stop();
    expect(await server.ended).toBe("signal SIGKILL");
    await server.stop();
  });

  it("gets no secrets of this process", async () => {
    process.env["LEAT_TEST_SECRET"] = "hunter2";
    const server = node("console.log(JSON.stringify(process.env))");
    await server.ended;
    delete process.env["LEAT_TEST_SECRET"];
    expect(server.output).not.toContain("hunter2");
  });

  it("whose program is missing fails like one that ends", async () => {
    const running = runToEnd({ name: "nothing", command: "/no/such/program", args: [], directory: "/" });
    await expect(running).rejects.toThrow(ServerError);
    await expect(running).rejects.toThrow(/nothing failed.*no such file or directory|ENOENT/is);
  });
});

it("a start that fails leaves no directory", async () => {
  let made = "";
  const starting = inTemporaryDirectory("leat-test", undefined, async (directory) => {
    made = directory.path;
    throw new Error("no");
  });
  await expect(starting).rejects.toThrow("no");
  expect(existsSync(made)).toBe(false);
});
