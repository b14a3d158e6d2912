import { createPostgresDatabase, describeWith, randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { expect, it, onTestFinished } from "vitest";
import { Acknowledged, checkEnd, checkKept, Client } from "./crash-clients.ts";
import { LeatdProcess, openServer, request } from "./support.ts";

/** LEAT_SLOW_TESTS=1 kills 200 times. */
const KILLS = process.env["LEAT_SLOW_TESTS"] === "1" ? 200 : 10;
const CLIENTS = 8;
const TASKS_A_CLIENT = 10 * KILLS;

async function openDatabase(): Promise<string> {
  const database = await createPostgresDatabase();
  onTestFinished(() => database.drop());
  return database.url;
}

async function leads(url: string): Promise<boolean> {
  const { body } = await request(`${url}/healthz`);
  return body.status === "ok";
}

describeWith("postgres")("several leatd on one PostgreSQL", () => {
  it("one leads; the others say who, and serve their health", async () => {
    const statePath = await openDatabase();
    const leader = await openServer({ statePath, advertise: "http://leader.example:8082" });
    const standby = await openServer({ statePath });
    expect(await standby.get("/healthz")).toMatchObject({ status: 200, body: { status: "standby" } });
    const refused = await standby.post("/api/v1/addTasks", { worker: "w", tasks: [] });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.body.error).toMatchObject({ code: "NOT_LEADER", leader: "http://leader.example:8082" });
    expect((await standby.post("/api/get_work", {})).status).toBe(503);
    expect((await leader.post("/api/v1/addTasks", { worker: "w", tasks: [] })).status).toBe(200);
  });

  it("the next one leads as soon as the leader stops, with its state", async () => {
    const statePath = await openDatabase();
    const leader = await openServer({ statePath });
    const standby = await openServer({ statePath });
    await leader.command("addTasks", { worker: "w", tasks: [{ taskId: "A" }] });
    await leader.running.stop();
    await standby.running.leading;
    expect((await standby.get("/api/v1/tasks/A")).body.status).toBe("PENDING");
  });

  it("one that stands by can be stopped", async () => {
    const statePath = await openDatabase();
    await openServer({ statePath });
    const standby = await openServer({ statePath });
    await expect(standby.running.stop()).resolves.toBeUndefined();
  });

  it(`nothing that was acknowledged is lost or handed out twice when the leader is killed ${KILLS} times`, async () => {
    const random = randomOf(seedOf());
    const env = { LEAT_STATE: await openDatabase() };
    const told = new Acknowledged();
    let [leader, standby] = [
      await LeatdProcess.start(["--port", "0"], env),
      await LeatdProcess.start(["--port", "0"], env),
    ];
    const urls = () => [leader.url, standby.url];
    const clients = Array.from({ length: CLIENTS }, (_, n) =>
      new Client({ worker: `w${n}`, urls, told, random, tasks: TASKS_A_CLIENT }).run(),
    );
    const running = Promise.all(clients);
    for (let kill = 0; kill < KILLS; kill++) {
      // Real time: the moment of the kill is what the test is about.
      await new Promise((resolve) => setTimeout(resolve, 20 + random() * 150));
      const before = told.copy();
      await leader.end("SIGKILL");
      leader = standby;
      standby = await LeatdProcess.start(["--port", "0"], env);
      await expect.poll(() => leads(leader.url), { timeout: 30_000 }).toBe(true);
      await checkKept(leader.url, before);
    }
    await running;
    await checkEnd(leader.url, CLIENTS * TASKS_A_CLIENT);
    // A process is started for each kill: a second or less on a free machine, many on one that is very busy.
  }, 1_800_000);
});
