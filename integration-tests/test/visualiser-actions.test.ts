import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { soon } from "./shared-support.ts";
import { shoot, useBrowser, useSteps } from "./visualiser-support.ts";

describeWithChromium("acting on tasks by the page", () => {
  const browser = useBrowser();
  const steps = useSteps();

  /** Opens the page of a task. */
  async function openTask(words: string): Promise<Page> {
    return browser.open(steps.server, `#/task/${encodeURIComponent(await steps.idOf(words))}`);
  }

  it("retries a failed task, which then runs again and is done", async () => {
    steps.spoil("extract-1");
    steps.start("Load");
    await steps.reaches("Extract", "FAILED");
    const page = await openTask("Extract");
    await page.getByText("It failed once. It is tried again in").waitFor();
    await page.getByLabel("Text of the error").getByText("the table of extract-1 is locked").waitFor();
    await page.getByText(/^leat run \/\S+\/steps\.ts Extract --n 1$/).waitFor();
    await shoot(page, "task-failed");
    steps.mend("extract-1");
    await act(page, "Retry", "the table is free again");
    await page.getByText("An operator chose “Retry”: the table is free again").waitFor();
    await page.locator(".task-head").getByText("Done", { exact: true }).waitFor();
    expect(await steps.task(await steps.idOf("Extract"))).toMatchObject({ status: "DONE", failures: 0 });
  });

  it("forgives a failed task, whose failures still count", async () => {
    steps.spoil("extract-1");
    steps.start("Extract");
    await steps.reaches("Extract", "FAILED");
    const page = await openTask("Extract");
    await act(page, "Forgive");
    await page.getByText("It failed 2 times.").waitFor();
    expect(await steps.task(await steps.idOf("Extract"))).toMatchObject({ status: "FAILED", failures: 2 });
  });

  it("disables a waiting task and enables it again", async () => {
    steps.hold("extract-1");
    steps.start("Load");
    await steps.reaches("Extract", "RUNNING");
    const page = await openTask("Convert");
    await page.getByText("It waits for 1 requirement:").waitFor();
    await act(page, "Disable", "the format changes today");
    await page.getByText("An operator disabled it: “the format changes today”.").waitFor();
    expect((await steps.task(await steps.idOf("Convert"))).status).toBe("DISABLED");
    await act(page, "Re-enable");
    await page.locator(".task-head").getByText("Pending").waitFor();
    steps.letGo("extract-1");
    await page.locator(".task-head").getByText("Done", { exact: true }).waitFor();
  });

  it("marks a task done, but not without a reason", async () => {
    steps.spoil("extract-1");
    steps.start("Convert");
    await steps.reaches("Extract", "FAILED");
    const page = await openTask("Extract");
    await page.getByRole("button", { name: "Mark done", exact: true }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Mark done 1 task" });
    await page.getByText("1 task will change.").waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel("Reason").fill("copied by hand");
    await confirm.click();
    await page.getByText("An operator marked it done: “copied by hand”.").waitFor();
    expect(await steps.task(await steps.idOf("Extract"))).toMatchObject({
      status: "DONE",
      note: { action: "markDone", reason: "copied by hand" },
    });
    await steps.reaches("Convert", "DONE");
  });

  it("cancels a running task, whose worker stops it", async () => {
    steps.hold("extract-1");
    const worker = steps.start("Extract");
    await steps.reaches("Extract", "RUNNING");
    const page = await openTask("Extract");
    await act(page, "Cancel", "wrong day");
    await page.getByText("An operator cancelled it: “wrong day”.").waitFor();
    // It would wait for a step that runs.
    worker.process.kill("SIGTERM");
    expect((await worker.ended).exitCode).not.toBe(0);
    expect(await steps.task(await steps.idOf("Extract"))).toMatchObject({ status: "FAILED", failures: 0 });
  });

  it("runs a task again with all that depends on it", async () => {
    steps.hold("load-1");
    steps.start("All", "--count", "1");
    await steps.reaches("Load", "RUNNING");
    const page = await openTask("Extract");
    const before = (await steps.task(await steps.idOf("Extract"))).lastStartedAt;
    await page.getByRole("button", { name: "Run again", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 tasks will change, 1 task will not.").waitFor();
    await dialog.getByLabel("And all that depends on it").uncheck();
    await dialog.getByText("1 task will change.").waitFor();
    await dialog.getByLabel("And all that depends on it").check();
    await shoot(page, "run-again");
    await dialog.getByRole("button", { name: "Run again 2 tasks" }).click();
    await page.getByText("Run again: 2 tasks changed.").waitFor();
    steps.letGo("load-1");
    await soon(async () => (await steps.task(await steps.idOf("Extract"))).lastStartedAt > before);
    await steps.reaches("Extract", "DONE");
    expect((await steps.task(await steps.idOf("Extract"))).lastStartedAt).toBeGreaterThan(before);
  });

  it("pauses the whole scheduler and goes on", async () => {
    steps.hold("extract-1");
    steps.start("Load");
    await steps.reaches("Extract", "RUNNING");
    const page = await browser.open(steps.server);
    await page.getByRole("button", { name: "Pause the scheduler" }).click();
    await page.getByText("Paused.").waitFor();
    await shoot(page, "paused");
    steps.letGo("extract-1");
    await steps.reaches("Extract", "DONE");
    const waiting = await openTask("Convert");
    await waiting.getByText("It is ready, but the scheduler is paused").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    await steps.reaches("Load", "DONE");
  });
});

/** Chooses the action, looks at the preview, and says yes. */
async function act(page: Page, action: string, reason = ""): Promise<void> {
  await page.locator(".task-head").getByRole("button", { name: action, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 task will change.").waitFor();
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: `${action} 1 task` }).click();
}
