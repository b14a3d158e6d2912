import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import { expect, it } from "vitest";
import { soon } from "./shared-support.ts";
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

  it("shows names, parameters, errors, logs and messages that hold markup as text", async () => {
    steps.start("Hostile");
    await steps.reaches("Hostile", "FAILED");
    const taskId = await steps.idOf("Hostile");
    const page = await browser.open(steps.server, `#/task/${encodeURIComponent(taskId)}`);
    await page.getByLabel("Text of the error").getByText('error <img src="x"').waitFor();
    await page.getByLabel("Text of the log").getByText('log <img src="x"').waitFor();
    await page.getByText('status <img src="x"').waitFor();
    expect(await page.getByRole("link", { name: /javascript:/ }).count()).toBe(0);
    expect(await page.getByText("javascript:document.title='run'").count()).toBe(1);
    for (const hash of [
      "#/tasks",
      `#/graph/${encodeURIComponent(taskId)}`,
      "#/history?show=failures",
      "#/workers",
    ]) {
      await page.goto(`${steps.server.url}/${hash}`);
      await page.getByText("Live", { exact: true }).waitFor();
      await soon(async () => (await page.locator("#view").innerText()).length > 0);
      expect(await page.locator('img[src="x"]').count(), hash).toBe(0);
    }
    expect(await page.title()).not.toBe("run");
  });

  it("says that there is no such task", async () => {
    const page = await browser.open(steps.server, "#/task/Nothing_1");
    await page.getByText('There is no task "Nothing_1".').waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
  });
});
