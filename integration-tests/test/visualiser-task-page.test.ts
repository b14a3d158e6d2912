import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import { expect, it } from "vitest";
import { shoot, useBrowser, useSteps } from "./visualiser-support.ts";

describeWithChromium("the page of a task", () => {
  const browser = useBrowser();
  const steps = useSteps();

  it("shows a running task live: progress, status, log, messages and answers", async () => {
    steps.hold("extract-1");
    steps.start("Load");
    await steps.reaches("Extract", "RUNNING");
    const page = await browser.open(steps.server, `#/task/${await steps.idOf("Extract")}`);
    await page.getByText("has run it for").waitFor();
    await page.getByText("40 %").waitFor();
    await page.getByText("reading for extract-1").waitFor();
    await page.getByLabel("Text of the log").getByText("extract-1 begins").waitFor();
    const link = page.getByRole("link", { name: "https://cluster.example/jobs/4711" });
    expect(await link.getAttribute("rel")).toContain("noopener");
    await page.getByLabel("Message to the task").fill("hurry up");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("heard hurry up").waitFor();
    await shoot(page, "task-running");
    steps.letGo("extract-1");
    await page.getByLabel("Text of the log").getByText("extract-1 reads no more").waitFor();
    await page.locator(".task-head").getByText("Done", { exact: true }).waitFor();
    await page.getByRole("region", { name: "Attempts" }).getByText("reported").waitFor();
  });

  it("says which requirement, then which resource a task waits for", async () => {
    steps.hold("load-1", "convert-2");
    steps.start("All", "--count", "2", "--workers", "4");
    await steps.reaches("Load n=1", "RUNNING");
    const page = await browser.open(steps.server, `#/task/${await steps.idOf("Load n=2")}`);
    await page.getByText("It waits for 1 requirement:").waitFor();
    steps.letGo("convert-2");
    await page.getByText("It needs 1 of the resource database; 1 of 1 is in use by:").waitFor();
    await page
      .getByRole("region", { name: "Why" })
      .getByRole("link", { name: /^Load_1_/ })
      .waitFor();
    steps.letGo("load-1");
    await page.locator(".task-head").getByText("Done", { exact: true }).waitFor();
  });

  it("shows parameters, attempts with how long they took, and the place in the graph", async () => {
    steps.spoil("extract-1");
    steps.hold("convert-1");
    steps.start("Load");
    await steps.reaches("Extract", "FAILED");
    steps.mend("extract-1");
    const taskId = await steps.idOf("Extract");
    await steps.command("act", { action: "retry", taskIds: [taskId] });
    await steps.reaches("Convert", "RUNNING");
    const page = await browser.open(steps.server, `#/task/${taskId}`);
    await page.getByRole("region", { name: "Parameters" }).getByText("n", { exact: true }).waitFor();
    const attempts = page.getByRole("region", { name: "Attempts" }).getByRole("row");
    await attempts.filter({ hasText: /Done.* s.*reported/ }).waitFor();
    await attempts.filter({ hasText: /Failed.* s.*reported/ }).waitFor();
    await page.getByLabel("Attempt", { exact: true }).selectOption({ index: 1 });
    await page.getByLabel("Text of the log").getByText("extract-1 reads no more").waitFor();
    const graph = page.getByRole("region", { name: "Place in the graph" });
    await graph.getByText("Requires 0 tasks; 1 task requires it.").waitFor();
    await graph.getByRole("button", { name: /^Convert/ }).click();
    await page.getByRole("heading", { name: "Convert" }).waitFor();
  });

  it("says when the scheduler, an operator or nobody will let a failed task run again", async () => {
    const worker = "w";
    const retry = { retryCount: 2, retryDelaySeconds: 600 };
    await steps.command("addTasks", { worker, tasks: [{ taskId: "Load_1", family: "Load", retry }] });
    const page = await browser.open(steps.server, "#/task/Load_1");
    await page.getByText("It is ready: the next free worker takes it.").waitFor();
    await fail(worker, "the disk is full");
    await page
      .getByText(/It failed once\. It is tried again in .* After 1 more failure it is disabled\./)
      .waitFor();
    await steps.command("act", { action: "forgive", taskIds: ["Load_1"] });
    await fail(worker, "the disk is still full");
    await page.getByText(/It failed 2 times, so the scheduler disabled it\. That ends in /).waitFor();
    await page.getByRole("button", { name: "Re-enable" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Re-enable 1 task" }).click();
    await page.locator(".task-head").getByText("Failed", { exact: true }).waitFor();
  });

  async function fail(worker: string, explanation: string): Promise<void> {
    const { assignments } = await steps.command("getWork", { worker });
    const [{ taskId, token }] = assignments;
    await steps.command("report", { worker, taskId, token, outcome: "FAILED", explanation });
  }

  it("says that there is no such task", async () => {
    const page = await browser.open(steps.server, "#/task/Nothing_1");
    await page.getByText('There is no task "Nothing_1".').waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
  });
});
