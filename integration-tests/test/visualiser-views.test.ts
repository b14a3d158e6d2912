import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import type { Route } from "playwright-core";
import { expect, it } from "vitest";
import { ask, soon } from "./shared-support.ts";
import { shoot, useBrowser, useSteps } from "./visualiser-support.ts";

describeWithChromium("the views of the page", () => {
  const browser = useBrowser();
  const steps = useSteps({ config: { resources: { tape: 3 } } });

  it("lists, filters, searches, sorts and turns pages by leatd, and keeps all of that in the URL", async () => {
    const tasks = Array.from({ length: 130 }, (_, n) => ({
      taskId: `${n % 2 === 0 ? "music.Plays" : "Rates"}_${n}`,
      family: n % 2 === 0 ? "music.Plays" : "Rates",
      params: { n: String(n) },
      priority: n,
      status: n < 30 ? "DONE" : "PENDING",
    }));
    await steps.command("addTasks", { worker: "w", tasks });
    const page = await browser.open(steps.server, "#/tasks");
    await page.getByText("1–50 of 130 tasks").waitFor();
    await page.getByRole("button", { name: "Rates 65" }).waitFor();
    const shapes = await page
      .locator(".tile svg path")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
    expect(new Set(shapes).size).toBe(7);
    await page.getByRole("button", { name: "Priority" }).click();
    await page.getByRole("row", { name: /n=129/ }).waitFor();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText("51–100 of 130 tasks").waitFor();
    await page.getByRole("group", { name: "States" }).getByRole("button", { name: /Done/ }).click();
    await page.getByText("1–30 of 30 tasks").waitFor();
    await page.getByRole("button", { name: /^Plays/ }).click();
    await page.getByText("1–15 of 15 tasks").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("n=28");
    await page.getByText("1–1 of 1 task").waitFor();
    expect(new URL(page.url()).hash).toBe(
      "#/tasks?sort=priority&order=desc&status=DONE&family=music.Plays&search=n%3D28",
    );
    await page.reload();
    await page.getByText("1–1 of 1 task").waitFor();
    expect(await page.getByLabel("Search names, parameters, ids").inputValue()).toBe("n=28");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByText("1–50 of 130 tasks").waitFor();
    await page.goBack();
    await page.getByText("1–1 of 1 task").waitFor();
  });

  it("follows what happens without being loaded again", async () => {
    steps.hold("extract-1");
    const page = await browser.open(steps.server);
    await page.getByText("No tasks yet.").waitFor();
    steps.start("Load");
    await page.getByRole("row", { name: /Running Extract.*40 %.*reading for extract-1/ }).waitFor();
    await page.getByRole("row", { name: /Pending Load.*database: 1/ }).waitFor();
    const outside = page.getByRole("link", { name: /^Follow Extract_1_.* elsewhere/ });
    expect(await outside.getAttribute("href")).toBe("https://cluster.example/jobs/4711");
    steps.letGo("extract-1");
    await page.getByRole("row", { name: /Done Load/ }).waitFor();
    await soon(async () => /Done\s*3/.test(await page.getByRole("group", { name: "States" }).innerText()));
  });

  /** A task that says of itself what it is told to say, and ends when it is told to. */
  async function startTalking() {
    const worker = "w";
    await steps.command("addTasks", { worker, tasks: [{ taskId: "Talks_1", family: "Talks" }] });
    const { assignments } = await steps.command("getWork", { worker });
    const [{ taskId, token }] = assignments;
    return {
      say: (said: object) => steps.command("updateRun", { worker, taskId, token, ...said }),
      finish: () => steps.command("report", { worker, taskId, token, outcome: "DONE" }),
    };
  }

  it("shows where a running task can be followed when that is known later than the rest", async () => {
    const { say } = await startTalking();
    const page = await browser.open(steps.server);
    await page.getByRole("row", { name: /Running Talks/ }).waitFor();
    await say({ trackingUrl: "https://cluster.example/jobs/1" });
    await page.getByRole("link", { name: /^Follow Talks_1 elsewhere/ }).waitFor();
  });

  it("shows what happens while the list of tasks is on its way to it", async () => {
    const { say } = await startTalking();
    const page = await browser.open(steps.server, "#/resources");
    await page.getByText("Live", { exact: true }).waitFor();
    const answerLate = async (route: Route) => {
      const response = await route.fetch();
      await say({ progressPercentage: 70 });
      await steps.command("setPaused", { paused: true });
      // This comes after the progress: what shows it has heard of both.
      await page.getByText("Paused.").waitFor();
      await route.fulfill({ response });
    };
    await page.route(/\/api\/v1\/tasks\?/, answerLate, { times: 1 });
    await page.goto(`${steps.server.url}/#/tasks`);
    await page.getByRole("row", { name: /Running Talks.*70 %/ }).waitFor();
  });

  it("shows what happens while the graph is on its way to it", async () => {
    const { finish } = await startTalking();
    const page = await browser.open(steps.server, "#/resources");
    await page.getByText("Live", { exact: true }).waitFor();
    const answers: (() => Promise<void>)[] = [];
    // It is read upwards and downwards.
    const answerLate = async (route: Route) => {
      const response = await route.fetch();
      answers.push(() => route.fulfill({ response }));
      if (answers.length < 2) return;
      await finish();
      await steps.command("setPaused", { paused: true });
      await page.getByText("Paused.").waitFor();
      for (const answer of answers) await answer();
    };
    await page.route(/\/graph\?/, answerLate, { times: 2 });
    await page.goto(`${steps.server.url}/#/graph/Talks_1`);
    await page.getByRole("button", { name: /^Talks.* Done$/ }).waitFor();
  });

  it("shows what happens before events begin to come", async () => {
    const { say } = await startTalking();
    const page = await browser.open(steps.server);
    const begin = async (route: Route) => {
      await page.getByRole("row", { name: /Running Talks/ }).waitFor();
      await say({ progressPercentage: 70 });
      await route.continue();
    };
    await page.route(/\/api\/v1\/events/, begin, { times: 1 });
    await page.reload();
    await page.getByRole("row", { name: /Running Talks.*70 %/ }).waitFor();
  });

  it("counts tasks that others hold up, by failure or disable, and shows them", async () => {
    await steps.startMixed();
    const page = await browser.open(steps.server);
    await page.getByRole("button", { name: "2 held up by a failure" }).click();
    await page.getByText("1–2 of 2 tasks").waitFor();
    await page.getByRole("row", { name: /Convert n=2/ }).waitFor();
    await page.getByRole("button", { name: "3 held up by a disabled task" }).click();
    await page.getByText("1–3 of 3 tasks").waitFor();
    expect(new URL(page.url()).hash).toBe("#/tasks?blocked=DISABLED");
    await shoot(page, "tasks");
  });

  it("draws a graph that expands on a click, hides what is done, and finds tasks", async () => {
    steps.hold("load-1");
    steps.start("All", "--count", "3", "--workers", "2");
    await steps.reaches("Load n=1", "RUNNING");
    await steps.reaches("Convert n=3", "DONE");
    const page = await browser.open(steps.server, `#/graph/${await steps.idOf("All")}?depth=1`);
    await page.getByText("4 tasks", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Load n=1 requires 1 more Running" }).click();
    await page.getByRole("button", { name: "Convert n=1 requires 1 more Done" }).waitFor();
    await page.getByText("5 tasks", { exact: true }).waitFor();
    await page.getByLabel("Distance").selectOption("10");
    await page.getByText("10 tasks", { exact: true }).waitFor();
    await page.getByLabel("Find in this graph").fill("Extract(n=2)");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Chosen task" }).getByText("Extract(n=2)").waitFor();
    const name = page.getByRole("button", { name: /^Extract n=2/ });
    const { width = 0 } = (await name.boundingBox()) ?? {};
    await page.getByRole("button", { name: "Zoom in" }).click();
    expect((await name.boundingBox())?.width).toBeGreaterThan(width);
    await page.getByRole("button", { name: "Show all" }).click();
    await shoot(page, "graph");
    await page.getByLabel("Hide done").check();
    await page.getByRole("button", { name: /^Extract n=1/ }).waitFor({ state: "detached" });
    steps.letGo("load-1");
    await page.getByRole("button", { name: /^All count=3.* Done$/ }).waitFor();
  });

  it("folds the families of a graph of ten thousand tasks, and unfolds them", async () => {
    const parts = Array.from({ length: 9_998 }, (_, n) => ({
      taskId: `Part_${n}`,
      family: "Part",
      params: {},
      deps: ["Base_0"],
    }));
    const whole = { taskId: "Whole", family: "Whole", deps: parts.map(({ taskId }) => taskId) };
    await steps.command("addTasks", {
      worker: "w",
      tasks: [{ taskId: "Base_0", family: "Base" }, ...parts, whole],
    });
    const page = await browser.open(steps.server, "#/graph/Whole?depth=100");
    await page.getByText("10,000 tasks", { exact: true }).waitFor();
    await page.getByRole("button", { name: /^Part 9,998 tasks, 9,998 pending/ }).click();
    await page.getByRole("button", { name: /^Part 9,958 tasks, 9,958 pending/ }).waitFor();
    await shoot(page, "graph-folded");
  });

  it("shows workers, pauses them, changes their processes and drains them", async () => {
    steps.hold("extract-1", "extract-2", "extract-3");
    steps.start("All", "--worker-id", "night", "--workers", "2");
    await steps.reaches("Extract n=1", "RUNNING");
    const page = await browser.open(steps.server, "#/workers");
    const card = page.getByRole("region", { name: "night" });
    await card.getByText("2 of 2 processes busy").waitFor();
    await card
      .getByText("Last seen")
      .locator("..")
      .getByText(/just now|ago/)
      .waitFor();
    for (const n of [1, 2]) await card.getByRole("link", { name: `Extract n=${n}` }).waitFor();
    await card.getByRole("link", { name: /^All_3_/ }).waitFor();
    await card.getByRole("button", { name: "One process more" }).click();
    await card.getByText("3 of 3 processes busy").waitFor();
    await card.getByRole("button", { name: "One process less" }).click();
    await card.getByText("3 of 2 processes busy").waitFor();
    await card.getByRole("button", { name: "Pause" }).click();
    await card.getByText("Paused").waitFor();
    await shoot(page, "workers");
    await card.getByRole("button", { name: "Resume" }).click();
    await card.getByText("Active").waitFor();
    await card.getByRole("button", { name: "Drain" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Drain" }).click();
    await card.getByText("Draining").waitFor();
    expect((await ask(steps.server, "/api/v1/workers")).workers).toMatchObject([{ workerState: "disabled" }]);
  });

  it("shows resources, who holds and who waits, and sets a limit", async () => {
    steps.hold("load-1", "load-2");
    steps.start("All", "--count", "2", "--workers", "3");
    for (const n of [1, 2]) await steps.reaches(`Convert n=${n}`, "DONE");
    const page = await browser.open(steps.server, "#/resources");
    await page.getByRole("region", { name: "tape" }).getByText("0 of 3 in use").waitFor();
    const card = page.getByRole("region", { name: "database" });
    await card.getByText("1 of 1 in use").waitFor();
    await card.getByText("Held by (1)").waitFor();
    await card.getByText("Waiting for it (1)").waitFor();
    await shoot(page, "resources");
    await card.getByLabel("Limit of database").fill("2");
    await card.getByRole("button", { name: "Set" }).click();
    await page.getByText("The limit of database is 2 now.").waitFor();
    for (const n of [1, 2]) await steps.reaches(`Load n=${n}`, "RUNNING");
    await card.getByText("2 of 2 in use").waitFor();
  });

  it("plots run times, lists failures, and draws the time line of a run with its critical path", async () => {
    steps.spoil("load-2");
    steps.start("All", "--count", "2", "--workers", "2");
    await steps.reaches("Load n=2", "FAILED");
    await steps.reaches("Load n=1", "DONE");
    const page = await browser.open(steps.server, "#/history");
    await page.getByRole("button", { name: "Load", exact: true }).click();
    await page.getByText("2 attempts, 1 of them failed.").waitFor();
    await page.locator(".plot canvas").waitFor();
    await shoot(page, "history");
    await page.getByRole("link", { name: "Failures" }).click();
    await page.getByText("the table of load-2 is locked").waitFor();
    await page.getByRole("link", { name: "Time line of a run" }).click();
    await page.getByLabel("Find the last task of a run").fill("All");
    await page.getByRole("option", { name: "All count=2" }).click();
    await page.getByText(/^6 tasks ran in/).waitFor();
    const path = page.getByRole("region", { name: "Critical path" });
    expect(await path.getByRole("link").allInnerTexts()).toEqual([
      expect.stringMatching(/^Extract\(n=/),
      expect.stringMatching(/^Convert\(n=/),
      expect.stringMatching(/^Load\(n=/),
    ]);
    await shoot(page, "time-line");
  });
});
