import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { everyView, faultsOf, openView, shoot, useBrowser, useSteps } from "./visualiser-support.ts";

const WIDE = { width: 1360, height: 860 };
const PHONE = { width: 390, height: 800 };

/** It looks at two dozen views: half a minute on a free machine, minutes on one that is very busy. */
const SLOW = { timeout: 600_000 };

describeWithChromium("a page for those who see or point badly", () => {
  const browser = useBrowser();
  const steps = useSteps();

  it.each(["light", "dark"] as const)(
    "has no serious fault on any view or dialog, wide or on a phone, in %s",
    SLOW,
    async (colorScheme) => {
      await steps.startMixed();
      const page = await browser.open(steps.server, "#/tasks", { colorScheme });
      for (const view of await everyView(steps)) {
        await openView(page, view);
        for (const size of [PHONE, WIDE]) {
          await page.setViewportSize(size);
          expect(await faultsOf(page), `${view}, ${size.width} px`).toEqual([]);
        }
        await shoot(page, `${colorScheme}-${view.replaceAll(/[^a-z]+/gi, "-").slice(0, 24)}`);
      }
      await expectDialogsWithoutFaults(page);
    },
  );
});

async function expectDialogsWithoutFaults(page: Page): Promise<void> {
  await openView(page, "tasks");
  await page.getByRole("button", { name: /held up by a failure/ }).click();
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: "Mark done", exact: true }).click();
  await page.getByRole("dialog").getByText("will change").waitFor();
  expect(await faultsOf(page), "preview").toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Pause the scheduler" }).click();
  await page.getByText("Paused.").waitFor();
  expect(await faultsOf(page), "selection and pause").toEqual([]);
  await openView(page, "workers");
  await page.getByRole("button", { name: "One process more" }).click();
  await page.getByText("is told to run").waitFor();
  await page.getByRole("button", { name: "Drain" }).click();
  await page.getByRole("dialog").waitFor();
  expect(await faultsOf(page), "question").toEqual([]);
  await openView(page, "task/Nothing_1");
  await page.getByText("There is no task").waitFor();
  expect(await faultsOf(page), "problem").toEqual([]);
}
