import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { ask } from "./shared-support.ts";
import { shoot, useBrowser, useSteps } from "./visualiser-support.ts";

describeWithChromium("acting on a selection by the page", () => {
  const browser = useBrowser();
  const steps = useSteps();

  it("previews what each action will touch, does it, and remembers who was touched and why", async () => {
    steps.spoil("extract-1", "extract-2");
    steps.hold("extract-3", "extract-4", "load-1");
    steps.start("All", "--count", "4", "--workers", "4");
    const reach = async (status: string, ...numbers: readonly number[]) => {
      for (const n of numbers) await steps.reaches(`Extract n=${n}`, status);
    };
    await reach("FAILED", 1, 2);
    await reach("RUNNING", 3, 4);
    const page = await browser.open(steps.server, "#/tasks?family=Extract");

    await act(page, "Cancel", { changes: 2, leaves: "it is not running (FAILED)", reason: "wrong day" });
    await reach("FAILED", 3, 4);
    await act(page, "Forgive", { changes: 4, reason: "right day" });
    await reach("RUNNING", 3, 4);
    await reach("FAILED", 1, 2);
    await act(page, "Disable", {
      changes: 2,
      leaves: "it does not wait (RUNNING)",
      reason: "looked at tomorrow",
    });
    await reach("DISABLED", 1, 2);
    await act(page, "Re-enable", { changes: 2, leaves: "it is not disabled (RUNNING)", reason: "looked at" });
    await reach("FAILED", 1, 2);
    await act(page, "Retry", { changes: 2, leaves: "it has not failed (RUNNING)", reason: "try once more" });
    await reach("FAILED", 1, 2);
    await act(page, "Mark done", { changes: 4, reason: "copied by hand" });
    await reach("DONE", 1, 2, 3, 4);
    await steps.reaches("Load n=1", "RUNNING");
    steps.mend("extract-1", "extract-2");
    steps.letGo("extract-3", "extract-4");
    await act(page, "Run again", { reason: "by hand was wrong" });
    for (const n of [1, 2, 3, 4]) expect(await startedBy(`Extract n=${n}`)).toBe("rerun");
    steps.letGo("load-1");

    const remembered = await ask(steps.server, "/api/v1/operations");
    expect(remembered.operations.map(({ name, reason }: any) => `${name}: ${reason}`).toReversed()).toEqual([
      "cancel: wrong day",
      "forgive: right day",
      "disable: looked at tomorrow",
      "reEnable: looked at",
      "retry: try once more",
      "markDone: copied by hand",
      "rerun: by hand was wrong",
    ]);
    await page.goto(`${steps.server.url}/#/history?show=operations`);
    await page.getByRole("row", { name: /Mark done .*and 1 more.*copied by hand/ }).waitFor();
    await shoot(page, "operators");
  });

  async function startedBy(words: string): Promise<string> {
    return (await steps.task(await steps.idOf(words))).note.action;
  }

  it("selects all that match, on all pages, and one by one", async () => {
    const tasks = Array.from({ length: 130 }, (_, n) => ({
      taskId: `Part_${n}`,
      family: "Part",
      status: n < 30 ? "DONE" : "PENDING",
    }));
    await steps.command("addTasks", { worker: "w", tasks });
    const page = await browser.open(steps.server, "#/tasks?size=25");
    await page.getByLabel("Select this page").check();
    await page.getByText("25 tasks selected").waitFor();
    await page.getByRole("button", { name: "Select all 130 that match" }).click();
    await page.getByText("130 tasks selected").waitFor();
    await page.locator("tbody").getByRole("checkbox").first().uncheck();
    await page.getByText("129 tasks selected").waitFor();
    await page.locator("tbody").getByRole("checkbox").first().check();
    await page
      .getByRole("region", { name: "Selected tasks" })
      .getByRole("button", { name: "Disable" })
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("100 tasks will change, 30 tasks will not.").waitFor();
    await dialog.getByText("and 50 more").waitFor();
    await shoot(page, "selection");
    await dialog.getByRole("button", { name: "Disable 100 tasks" }).click();
    await page.getByText("Disable: 100 tasks changed.").waitFor();
    expect((await ask(steps.server, "/api/v1/counts")).byStatus).toEqual({ DONE: 30, DISABLED: 100 });
  });

  it("offers the usual action on the row of a task", async () => {
    steps.spoil("extract-1");
    steps.start("Extract");
    await steps.reaches("Extract", "FAILED");
    const page = await browser.open(steps.server);
    steps.mend("extract-1");
    await page.getByRole("button", { name: "Retry Extract_1_f4fe3360f0" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Retry 1 task" }).click();
    await page.getByRole("row", { name: /Done Extract/ }).waitFor();
  });
});

interface Expected {
  /** How many tasks change, where the test knows it. */
  readonly changes?: number;
  /** Why others do not. */
  readonly leaves?: string;
  readonly reason: string;
}

/** Selects all tasks of the page, looks at the preview of the action, and says yes. */
async function act(page: Page, action: string, { changes, leaves, reason }: Expected): Promise<void> {
  await page.getByLabel("Select this page").check();
  await page.getByText("4 tasks selected").waitFor();
  const bar = page.getByRole("region", { name: "Selected tasks" });
  await bar.getByRole("button", { name: action, exact: true }).click();
  const dialog = page.getByRole("dialog");
  if (changes !== undefined) await dialog.getByText(new RegExp(`^${changes} tasks will change`)).waitFor();
  if (leaves !== undefined) await dialog.getByText(`Not changed: ${leaves}`).first().waitFor();
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: new RegExp(`^${action} \\d+ tasks$`) }).click();
  await page.getByText(new RegExp(`^${action}: \\d+ tasks changed\\.`)).waitFor();
  await bar.waitFor({ state: "detached" });
}
