import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import { Tokens } from "@leat/server";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { shoot, useBrowser, useSteps } from "./visualiser-support.ts";

const OPERATOR = "operator-0123456789abcdef";
const VIEWER = "viewer-0123456789abcdef";

describeWithChromium("signing in", () => {
  const browser = useBrowser();
  const steps = useSteps({ tokens: Tokens.parse(`operate ${OPERATOR}\nview ${VIEWER}`, "the test") });

  it("asks for a token, says when it is wrong, and signs out", async () => {
    const page = await browser.open(steps.server);
    await page.getByLabel("Token").fill("not-a-token-of-this-leatd");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("leatd does not know this token.").waitFor();
    await page.getByLabel("Token").fill(OPERATOR);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Pause the scheduler" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await page.evaluate("localStorage.length + document.cookie.length")).toBe(0);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  it("gives a viewer no button that a viewer may not use", async () => {
    const page = await browser.open(steps.server, "#/resources", { token: VIEWER });
    await page.getByText("No resources.").waitFor();
    for (const hash of ["#/tasks", "#/workers", "#/resources"]) {
      await page.goto(`${steps.server.url}/${hash}`);
      await page.getByText("Live", { exact: true }).waitFor();
      expect(await page.getByRole("button", { name: /Pause|Drain|Set|Retry|Select/ }).count(), hash).toBe(0);
    }
  });
});

describeWithChromium("a page for everybody", () => {
  const browser = useBrowser();
  const steps = useSteps();

  it.each(["light", "dark"] as const)(
    "has no serious fault for those who see or point badly, in %s",
    async (colorScheme) => {
      steps.spoil("extract-2");
      steps.hold("load-1");
      steps.start("All", "--count", "3", "--workers", "2");
      await steps.reaches("Load n=1", "RUNNING");
      await steps.reaches("Extract n=2", "FAILED");
      const page = await browser.open(steps.server, "#/tasks", { colorScheme });
      const failed = await steps.idOf("Extract n=2");
      const running = await steps.idOf("Load n=1");
      const views = [
        "tasks",
        `task/${failed}`,
        `task/${running}`,
        `graph/${running}`,
        "graph",
        "workers",
        "resources",
      ];
      for (const view of [...views, "history", "history?show=failures", `history?show=run&task=${running}`]) {
        await page.goto(`${steps.server.url}/#/${view}`);
        await page.getByText("Loading…").first().waitFor({ state: "detached" });
        expect(await faultsOf(page), view).toEqual([]);
      }
      await page.goto(`${steps.server.url}/#/tasks`);
      await page.getByLabel("Select this page").check();
      await page.getByRole("button", { name: "Mark done", exact: true }).click();
      await page.getByRole("dialog").getByText("will change").waitFor();
      expect(await faultsOf(page)).toEqual([]);
    },
  );

  it("can be used with the keys alone", async () => {
    steps.spoil("extract-1");
    steps.start("Extract");
    await steps.reaches("Extract", "FAILED");
    const page = await browser.open(steps.server, `#/task/${await steps.idOf("Extract")}`);
    await page.getByRole("button", { name: "Retry", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("1 task will change.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement?.textContent")).toBe("Retry");
  });

  it("fits on a phone", async () => {
    steps.start("All");
    await steps.reaches("All", "DONE");
    const page = await browser.open(steps.server, "#/tasks", { viewport: { width: 390, height: 800 } });
    for (const view of [
      "tasks",
      `task/${await steps.idOf("Load n=1")}`,
      "workers",
      "resources",
      "history",
      "graph",
    ]) {
      await page.goto(`${steps.server.url}/#/${view}`);
      await page.getByText("Loading…").first().waitFor({ state: "detached" });
      expect(await page.evaluate("document.documentElement.scrollWidth"), view).toBeLessThanOrEqual(390);
      await shoot(page, `phone-${view.split("/")[0]}`);
    }
  });
});

/** Faults that axe finds and calls serious or worse, with what is at fault. */
async function faultsOf(page: Page): Promise<string[]> {
  // A policy that lets no foreign script run holds for this one too: it is evaluated by the debugger, not added.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}
