import { describeWithChromium } from "@leat-internal/dev-servers/vitest";
import { Tokens } from "@leat/server";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { everyView, faultsOf, openView, shoot, useBrowser, useSteps } from "./visualiser-support.ts";

const OPERATOR = "operator-0123456789abcdef";
const VIEWER = "viewer-0123456789abcdef";

/** What changes something, of buttons and of what can be filled in. */
const CHANGES =
  /Pause|Resume|Drain|One process|^Set$|Limit|Retry|Forgive|Re-enable|Run again|Cancel|Mark done|Disable(?!d)|Select|Send|Message to/;

describeWithChromium("signing in", () => {
  const browser = useBrowser();
  const tokens = Tokens.parse(`operate,worker ${OPERATOR}\nview ${VIEWER}`, "the test");
  const steps = useSteps({ tokens }, OPERATOR);

  it("asks for a token, says when it is wrong, and signs out", async () => {
    const page = await browser.open(steps.server);
    await page.getByLabel("Token").fill("not-a-token-of-this-leatd");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("leatd does not know this token.").waitFor();
    await shoot(page, "sign-in");
    expect(await faultsOf(page)).toEqual([]);
    const dark = await browser.open(steps.server, "#/tasks", { colorScheme: "dark" });
    await dark.getByLabel("Token").waitFor();
    expect(await faultsOf(dark)).toEqual([]);
    await page.getByLabel("Token").fill(OPERATOR);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Pause the scheduler" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await page.evaluate("localStorage.length + document.cookie.length")).toBe(0);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    expect(await page.evaluate("sessionStorage.length")).toBe(0);
  });

  it("gives a viewer no button that a viewer may not use, on any view", async () => {
    await steps.startMixed();
    const viewer = await browser.open(steps.server, "#/tasks", { token: VIEWER });
    const operator = await browser.open(steps.server, "#/tasks", { token: OPERATOR });
    const offered = new Set<string>();
    for (const view of await everyView(steps)) {
      await openView(viewer, view);
      expect(await changesOn(viewer), view).toEqual([]);
      await openView(operator, view);
      for (const name of await changesOn(operator)) offered.add(name.replace(/ .*/, ""));
    }
    // What the viewer misses is there.
    expect([...offered].toSorted().join()).toBe(
      "Cancel,Disable,Drain,Forgive,Limit,Mark,Message,One,Pause,Re-enable,Retry,Run,Select,Send,Set",
    );
  });
});

async function changesOn(page: Page): Promise<string[]> {
  const names = await page
    .locator("button, input, select, textarea, summary")
    .evaluateAll((found) =>
      found.map((element) => element.getAttribute("aria-label") ?? element.textContent ?? ""),
    );
  return names.filter((name) => CHANGES.test(name));
}

describeWithChromium("a page for everybody", () => {
  const browser = useBrowser();
  const steps = useSteps();

  it("can be used with the keys alone", async () => {
    steps.spoil("extract-1");
    steps.start("Load");
    await steps.reaches("Extract", "FAILED");
    const page = await browser.open(steps.server);
    await page.getByText("1–3 of 3 tasks").waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    await tabTo(page, /^Failed/);
    await page.keyboard.press("Enter");
    await page.getByText("1–1 of 1 task").waitFor();
    await tabTo(page, /^Extract/);
    await tabTo(page, /^Select Extract_1/);
    await page.keyboard.press("Space");
    await tabTo(page, /^Extract/);
    await page.keyboard.press("Enter");
    await page.getByLabel("Text of the error").waitFor();
    await tabTo(page, /^Retry$/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("1 task will change.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Retry");
    await openView(page, `graph/${await steps.idOf("Load")}?depth=1`);
    await tabTo(page, /^Convert/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Extract/ }).waitFor();
  });

  it("has the colours of the system until somebody chooses others, which it keeps", async () => {
    const page = await browser.open(steps.server, "#/tasks", { colorScheme: "dark" });
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    await page.getByText("No tasks yet.").waitFor();
    const dark = await ground();
    await page.getByRole("button", { name: "Light colours" }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    await page.getByRole("button", { name: "Dark colours" }).waitFor();
    expect(await ground()).toBe(light);
  });

  it("fits on a phone", async () => {
    await steps.startMixed();
    const page = await browser.open(steps.server, "#/tasks", { viewport: { width: 390, height: 800 } });
    for (const view of await everyView(steps)) {
      await openView(page, view);
      expect(await page.evaluate("document.documentElement.scrollWidth"), view).toBeLessThanOrEqual(390);
      await shoot(page, `phone-${view.replace(/^(\w+)(?:.*show=(\w+))?.*/, (_, name, tab) => tab ?? name)}`);
    }
  });

  it("says when leatd is away, and catches up when it is back", async () => {
    const { port } = new URL(steps.server.url);
    await steps.command("addTasks", { worker: "w", tasks: [{ taskId: "Old_1", family: "Old" }] });
    const page = await browser.open(steps.server);
    await page.getByRole("row", { name: /Old/ }).waitFor();
    await steps.server.stop();
    await page.getByText("Away", { exact: true }).waitFor();
    await shoot(page, "away");
    await steps.startServer(Number(port));
    await steps.command("addTasks", { worker: "w", tasks: [{ taskId: "New_1", family: "New" }] });
    await page.getByText("Live", { exact: true }).waitFor();
    await page.getByRole("row", { name: /New/ }).waitFor();
    expect(await page.getByRole("row", { name: /Old/ }).count()).toBe(0);
  });
});

function focused(page: Page): Promise<string> {
  return page.evaluate(
    `document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent`,
  );
}

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (name.test(now.trim())) return;
    passed.push(now);
  }
  expect.fail(`Tab does not come to ${name}, but to ${passed.join(", ")}`);
}
