import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "@leat-internal/dev-servers";
import { type RunningServer, type ServerOptions, startServer } from "@leat/server";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { ask, command, soon } from "./shared-support.ts";
import { fixture, type Running, useWorkspace } from "./support.ts";

const SCREENSHOTS = fileURLToPath(new URL("../screenshots", import.meta.url));

/** An action of the page takes milliseconds; this is for a machine that is busy. */
const PATIENCE_MS = 40_000;

export interface PageOptions extends BrowserContextOptions {
  /** Put into the session of the tab, as signing in does. */
  readonly token?: string;
}

/** A browser for the tests of a file. After each test no page may have asked another host or have run into an error. */
export function useBrowser(): BrowserOfTests {
  const tests = new BrowserOfTests();
  beforeAll(() => tests.launch());
  afterEach(() => tests.finish());
  afterAll(() => tests.close());
  return tests;
}

class BrowserOfTests {
  #browser: Browser | undefined;
  #hosts = new Set<string>();
  #allowed = new Set<string>();
  #problems: string[] = [];

  async launch(): Promise<void> {
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    this.#browser = await chromium.launch({ executablePath: findChromium() ?? "", args });
  }

  /** A page of a leatd, in a context of its own. */
  async open(server: Pick<RunningServer, "url">, hash = "#/tasks", options: PageOptions = {}): Promise<Page> {
    const { token, ...contextOptions } = options;
    const context = await (this.#browser as Browser).newContext({
      viewport: { width: 1360, height: 860 },
      reducedMotion: "reduce",
      ...contextOptions,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    if (token !== undefined) {
      await context.addInitScript(`sessionStorage.setItem("leat.token", ${JSON.stringify(token)})`);
    }
    const page = await context.newPage();
    this.#allowed.add(new URL(server.url).host);
    page.on("request", (request) => this.#hosts.add(new URL(request.url()).host));
    page.on("pageerror", (error) => this.#problems.push(error.message));
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) this.#problems.push(message.text());
    });
    await page.goto(`${server.url}/${hash}`);
    return page;
  }

  async finish(): Promise<void> {
    for (const context of this.#browser?.contexts() ?? []) await context.close();
    const [hosts, allowed, problems] = [this.#hosts, this.#allowed, this.#problems];
    [this.#hosts, this.#allowed, this.#problems] = [new Set(), new Set(), []];
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [...hosts].filter((host) => !allowed.has(host)),
      [],
    );
  }

  async close(): Promise<void> {
    await this.#browser?.close();
  }
}

/** Faults that axe finds and calls serious or worse, with what is at fault. */
export async function faultsOf(page: Page): Promise<string[]> {
  // A policy that lets no foreign script run holds for this one too: it is evaluated by the debugger, not added.
  await page.evaluate(`globalThis.axe ?? (() => { ${axe.source} })()`);
  const { violations } = (await page.evaluate(`axe.run({ resultTypes: ["violations"] })`)) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`);
}

/** Keeps a picture of the page for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** What every view shows when tasks of each kind are there; see `Steps.startMixed`. */
export async function everyView(steps: Steps): Promise<string[]> {
  const [failed, running, all, off] = await Promise.all(
    ["Extract n=2", "Load n=1", "All", "Extract n=3"].map((words) => steps.idOf(words)),
  );
  return [
    "tasks",
    `task/${failed}`,
    `task/${running}`,
    `task/${off}`,
    `graph/${all}?depth=10`,
    "graph",
    "workers",
    "resources",
    "history",
    "history?show=failures",
    `history?show=run&task=${all}`,
    "history?show=operations",
  ];
}

/** Goes to a view and waits until it has read what it shows. */
export async function openView(page: Page, view: string): Promise<void> {
  await page.goto(`${page.url().replace(/#.*/, "")}#/${view}`);
  await page.getByText("Live", { exact: true }).waitFor();
  // The view changes with the next frame.
  await page.evaluate(
    "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
  );
  await page.getByText("Loading…").first().waitFor({ state: "detached" });
}

/**
 * A leatd and workers in processes of their own, which run the tasks of `fixtures/steps.ts`. The token is that of the workers, where
 * leatd has tokens.
 */
export function useSteps(options: ServerOptions = {}, token?: string): Steps {
  const workspace = useWorkspace();
  const steps = new Steps(workspace, options, token);
  beforeEach(() => steps.startServer());
  afterEach(async () => {
    workspace.remove();
    await steps.server.stop();
  });
  return steps;
}

export class Steps {
  server!: RunningServer;
  readonly #workspace: ReturnType<typeof useWorkspace>;

  readonly #options: ServerOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #headers: { readonly [name: string]: string };

  constructor(workspace: ReturnType<typeof useWorkspace>, options: ServerOptions, token: string | undefined) {
    this.#workspace = workspace;
    this.#options = options;
    this.#env = token === undefined ? {} : { LEAT_TOKEN: token };
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async startServer(port = 0): Promise<void> {
    this.server = await startServer({ port, statePath: ":memory:", ...this.#options });
  }

  /** Starts a worker, and waits until a task of it runs, one has failed, one is disabled, and others wait. */
  async startMixed(): Promise<void> {
    this.spoil("extract-2");
    this.hold("load-1", "extract-3");
    this.start("All", "--count", "4", "--workers", "2");
    await this.reaches("Load n=1", "RUNNING");
    await this.reaches("Extract n=2", "FAILED");
    await this.reaches("Extract n=3", "RUNNING");
    const taskIds = [await this.idOf("Extract n=3")];
    await this.command("act", { action: "cancel", taskIds, reason: "the tape is full" });
    await this.command("act", { action: "disable", taskIds, reason: "until the tape is changed" });
  }

  /** Starts a worker process with one of the tasks; it stays while something of it is pending. */
  start(task: string, ...flags: readonly string[]): Running {
    const args = [
      "run",
      fixture("steps.ts"),
      task,
      "--scheduler",
      this.server.url,
      "--keep-alive",
      "--heartbeat",
      "0.1",
    ];
    return this.#workspace.start(
      [...args, "--retry-delay", "600", "--retry-count", "5", ...flags],
      this.#env,
    );
  }

  /** Steps of these names run until they are let go. */
  hold(...names: readonly string[]): void {
    for (const name of names) this.#workspace.write(`hold-${name}`, "");
  }

  /** Steps of these names fail. */
  spoil(...names: readonly string[]): void {
    for (const name of names) this.#workspace.write(`fail-${name}`, "");
  }

  letGo(...names: readonly string[]): void {
    for (const name of names) this.#workspace.delete(`hold-${name}`);
  }

  mend(...names: readonly string[]): void {
    for (const name of names) this.#workspace.delete(`fail-${name}`);
  }

  /** Sends a command as an operator or worker would. */
  command(name: string, body: object): Promise<any> {
    return command(this.server, name, body, this.#headers);
  }

  /** The id of the only task that has these words in its name. */
  async idOf(words: string): Promise<string> {
    const tasks = await this.#find(words);
    assert.equal(tasks.length, 1, words);
    return tasks[0].taskId;
  }

  /** Resolves when the task has come to the state; says what is there instead when it does not come. */
  async reaches(words: string, status: string): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    let seen = "";
    await soon(async () => {
      const tasks = await this.#find(words);
      seen = tasks.map((task: any) => `${task.taskId} ${task.status}`).join(", ");
      return performance.now() > until || (tasks.length === 1 && tasks[0].status === status);
    });
    assert.match(seen, new RegExp(`^\\S+ ${status}$`), `${words} does not come to ${status}`);
  }

  task(taskId: string): Promise<any> {
    return ask(this.server, `/api/v1/tasks/${encodeURIComponent(taskId)}`, this.#headers);
  }

  async #find(words: string): Promise<any[]> {
    const path = `/api/v1/tasks?search=${encodeURIComponent(words)}`;
    return (await ask(this.server, path, this.#headers)).tasks;
  }
}
