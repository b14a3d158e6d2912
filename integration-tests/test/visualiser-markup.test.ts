import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { openView, useBrowser, useSteps } from "./visualiser-support.ts";

/** As in `fixtures/steps.ts`. */
const MARKUP = `<img src="x" onerror="document.title='run'"><script>document.title='run'</script>`;

describeWithChromium("text that holds markup", () => {
  const browser = useBrowser();
  const steps = useSteps();

  it("from a task that ran: parameters, error, log, status, link and answers are shown as text", async () => {
    steps.start("Hostile");
    await steps.reaches("Hostile", "FAILED");
    const taskId = await steps.idOf("Hostile");
    const page = await browser.open(steps.server, `#/task/${encodeURIComponent(taskId)}`);
    await page.getByLabel("Text of the error").getByText('error <img src="x"').waitFor();
    await page.getByLabel("Text of the log").getByText('log <img src="x"').waitFor();
    await page.getByText('status <img src="x"').waitFor();
    expect(await page.getByRole("link", { name: /javascript:/ }).count()).toBe(0);
    expect(await page.getByText("javascript:document.title='run'").count()).toBe(1);
    await expectText(page, "the page of the task");
    for (const view of ["tasks", `graph/${encodeURIComponent(taskId)}`, "history?show=failures"]) {
      await openView(page, view);
      await expectText(page, view);
    }
  });

  it("in the names of tasks, families, parameters, workers and resources, and in reasons, on every view", async () => {
    const { taskId, failed } = await registerHostile();
    const page = await browser.open(steps.server);
    const about = (view: string, id: string) => `${view}/${encodeURIComponent(id)}`;
    const views = [
      "tasks",
      "workers",
      "resources",
      "history",
      "history?show=failures",
      "history?show=operations",
      `history?show=run&task=${encodeURIComponent(taskId)}`,
      about("task", taskId),
      about("graph", taskId),
      about("task", failed),
      about("graph", failed),
    ];
    for (const view of views) {
      await openView(page, view);
      await expectText(page, view);
    }
  });

  it("in dialogs, notes, offers and answers", async () => {
    const { taskId } = await registerHostile();
    const page = await browser.open(steps.server);
    await page.getByLabel("Select this page").check();
    await page.getByRole("button", { name: "Retry", exact: true }).click();
    await page.getByRole("dialog").getByText("will change").waitFor();
    await expectText(page, "preview", "dialog");
    await page.keyboard.press("Escape");
    await openView(page, "resources");
    await page.getByLabel("Limit of").fill("7");
    await page.getByRole("button", { name: "Set" }).click();
    await page.getByText("is 7 now.").waitFor();
    await expectText(page, "note", ".toasts");
    await openView(page, "workers");
    await page.getByRole("button", { name: "Drain" }).click();
    await expectText(page, "question", "dialog");
    await page.keyboard.press("Escape");
    await openView(page, "graph");
    await page.getByLabel("Find a task").fill("img");
    await page.getByRole("option").first().waitFor();
    await expectText(page, "offers", "[role=listbox]");
    await openView(page, `task/${encodeURIComponent(taskId)}`);
    await page.getByLabel("Message to the task").fill(MARKUP);
    await page.getByRole("button", { name: "Send" }).click();
    await expectText(page, "message", ".messages");
  });

  /** A worker of another make, whose every name holds markup: one task runs, one failed, one was marked done. */
  async function registerHostile(): Promise<{ readonly taskId: string; readonly failed: string }> {
    const worker = `worker ${MARKUP}`;
    const [taskId, failed, waiting, done] = ["a", "b", "c", "d"].map((name) => `${name} ${MARKUP}`) as [
      string,
      string,
      string,
      string,
    ];
    const more = {
      family: `family ${MARKUP}`,
      module: `module ${MARKUP}`,
      params: { [`name ${MARKUP}`]: `value ${MARKUP}` },
      owners: [`owner ${MARKUP}`],
      acceptsMessages: true,
    };
    await steps.command("registerWorker", { worker, info: { host: `host ${MARKUP}` } });
    await steps.command("addTasks", {
      worker,
      tasks: [
        { ...more, taskId: failed, priority: 9 },
        { ...more, taskId, priority: 8, resources: { [`resource ${MARKUP}`]: 1 } },
        { ...more, taskId: waiting, deps: [taskId, failed] },
        { ...more, taskId: done },
      ],
    });
    const explanation = `error ${MARKUP}`;
    const run = { worker, taskId: failed, token: await take(worker, failed), outcome: "FAILED", explanation };
    await steps.command("report", run);
    const statusMessage = `status ${MARKUP}`;
    await steps.command("updateRun", { worker, taskId, token: await take(worker, taskId), statusMessage });
    await steps.command("act", { action: "markDone", taskIds: [done], reason: `reason ${MARKUP}` });
    return { taskId, failed };
  }

  async function take(worker: string, taskId: string): Promise<string> {
    const { assignments } = await steps.command("getWork", { worker });
    expect(assignments).toMatchObject([{ taskId }]);
    return assignments[0].token;
  }
});

/** The markup is there to be read, and has become nothing else. */
async function expectText(page: Page, where: string, place = "#view"): Promise<void> {
  const shown = page.locator(place).getByText('<img src="x"').first();
  const isShown = await shown.waitFor({ state: "attached" }).then(
    () => true,
    () => false,
  );
  expect(isShown, `markup to be read: ${where}`).toBe(true);
  const made = `document.querySelectorAll('img[src="x"], #page script, [onerror]').length`;
  expect(await page.evaluate(made), where).toBe(0);
  expect(await page.title(), where).not.toBe("run");
}
