import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Asking } from "./fixtures/shared-asking.ts";
import { ask, command, LeatdProcess, linesOf, openLeatd, soon, temporaryFolder } from "./shared-support.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const workspace = useWorkspace();
const MODULE = fixture("shared-graph.ts");

describe("leat worker", () => {
  it.each(["inline", "process"])(
    "runs tasks of its modules that others registered, until it is told to end (%s)",
    async (runner) => {
      const leatd = await openLeatd();
      const folder = temporaryFolder();
      const flags = ["--scheduler", leatd.url, "--worker-id", "helper", "--runner", runner];
      const helper = workspace.start(["worker", MODULE, ...flags]);
      await soon(async () => (await ask(leatd, "/api/v1/workers")).workers.length === 1);
      const tasks = [
        { taskId: "Foreign", family: "Foreign" },
        { taskId: "Node_1_3c9e6b9d6a", family: "Node", params: { n: "not a number", folder } },
        { taskId: ID_OF_NODE_1, family: "Node", params: { n: "1", folder } },
      ];
      await command(leatd, "addTasks", { worker: "me", tasks });
      await until(() => linesOf(join(folder, "log")).length === 1);
      await soon(async () => (await ask(leatd, "/api/v1/counts")).byStatus.DONE === 1);
      helper.process.kill("SIGTERM");
      const { exitCode, stderr } = await helper.ended;
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/Node_1_3c9e6b9d6a is left to others\. .*Node\.n/);
      expect((await ask(leatd, "/api/v1/counts")).byStatus).toEqual({ DONE: 1, PENDING: 2 });
    },
  );

  it.each(["nobody else", "the one who registered it first", "the one who registered it last"])(
    "goes on in place with a task that waits, at a leatd without its state that is told of it by %s",
    async (who) => {
      const leatd = await new LeatdProcess().start();
      const folder = temporaryFolder();
      const flags = ["--scheduler", leatd.url, "--worker-id", "helper", "--heartbeat", "0.05"];
      workspace.start(["worker", fixture("shared-asking.ts"), ...flags]);
      await soon(async () => (await ask(leatd, "/api/v1/workers")).workers.length === 1);
      const { id } = new Asking({ folder });
      const tasks = [{ taskId: id, family: "Asking", params: { folder } }];
      await command(leatd, "addTasks", { worker: "me", tasks });
      await until(() => linesOf(join(folder, "asked")).length === 1);
      await command(leatd, "setPaused", { paused: true });
      writeFileSync(join(folder, "go"), "");
      await soon(async () => (await ask(leatd, "/api/v1/counts")).byStatus.PENDING === 2);
      await leatd.kill();
      leatd.forget();
      await leatd.start();
      if (who.endsWith("first")) await command(leatd, "addTasks", { worker: "me", tasks });
      await soon(async () => (await ask(leatd, "/api/v1/status")).tasks >= 2);
      if (who.endsWith("last")) await command(leatd, "addTasks", { worker: "me", tasks });
      await soon(async () => (await ask(leatd, `/api/v1/tasks/${id}`)).status === "DONE");
      expect(linesOf(join(folder, "asked"))).toHaveLength(1);
      expect(linesOf(join(folder, "log"))).toEqual([ID_OF_NODE_1, id]);
    },
  );

  it.each([
    [["worker"], "needs the modules"],
    [["worker", MODULE], "needs a scheduler"],
    [["worker", "nothing.ts", "--scheduler", "http://127.0.0.1:1"], "There is no module nothing.ts"],
  ])("says what is wrong with %j", async (args, part) => {
    const { exitCode, stderr } = await workspace.leat(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(part)]);
  });
});

/** Identity of `Node(n=1)`, as Luigi computes it. */
const ID_OF_NODE_1 = "Node_1_f4fe3360f0";

describe("leat server", () => {
  it("is leatd", async () => {
    const server = workspace.start(["server", "--port", "0", "--state", join(temporaryFolder(), "leatd.db")]);
    let said = "";
    server.process.stderr?.on("data", (text: string) => (said += text));
    await until(() => /leatd \S+ listens on http/.test(said));
    server.process.kill("SIGTERM");
    expect((await server.ended).exitCode).toBe(0);
  });

  it("shows the flags of leatd", async () => {
    const { exitCode, stdout } = await workspace.leat(["server", "--help"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("--token-file PATH")]);
  });
});
