import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { request, temporaryFolder } from "../test/support.ts";

const VERSION = "3.8.1";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Folder of Luigi's programs. The first call installs them; calls at the same time wait for one another. */
export function luigiFolder(): string {
  const tools = process.env["LEAT_TOOLS_DIR"] ?? join(homedir(), ".cache", "leat-tools");
  const folder = join(tools, `luigi-${VERSION}`);
  const isThere = () => existsSync(join(folder, "bin", "luigid"));
  if (!isThere()) {
    mkdirSync(tools, { recursive: true });
    const install = 'test -e "$0/bin/luigid" || { python3 -m venv "$0" && "$0/bin/pip" install -q "$1"; }';
    execFileSync("flock", [`${folder}.lock`, "sh", "-c", install, folder, `luigi==${VERSION}`], {
      stdio: "inherit",
    });
  }
  return join(folder, "bin");
}

export interface LuigiRun {
  readonly code: number | null;
  /** The execution summary, with the names of workers and hosts left out. */
  readonly summary: string;
  readonly output: string;
}

/** Runs a task of tasks.py. Its outputs and its log are in `folder`. */
export async function runLuigi(
  url: string,
  task: string,
  folder: string,
  ...args: string[]
): Promise<LuigiRun> {
  const child = startLuigi(url, task, folder, ...args);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout as never), text(child.stderr as never)]);
  return { code: await ended, summary: summaryOf(stdout + stderr), output: stdout + stderr };
}

export function startLuigi(url: string, task: string, folder: string, ...args: string[]): ChildProcess {
  const child = spawn(
    join(luigiFolder(), "luigi"),
    ["--module", "tasks", task, "--scheduler-url", url, "--folder", folder, ...args],
    {
      env: {
        ...process.env,
        PYTHONPATH: here,
        PYTHONDONTWRITEBYTECODE: "1",
        LUIGI_CONFIG_PATH: join(here, "luigi.cfg"),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function summaryOf(output: string): string {
  const [, summary = ""] =
    /===== Luigi Execution Summary =====\n([\s\S]*?)\n===== Luigi Execution Summary =====/.exec(output) ?? [];
  return summary
    .replaceAll(/folder=\S+?([,)])/g, "folder$1")
    .replaceAll(/Worker\([^)]*\)/g, "Worker()")
    .trim();
}

/** Lines of the log in the order in which tasks ran. */
export function logOf(folder: string): string[] {
  return readFileSync(join(folder, "log"), "utf8").trim().split("\n");
}

/** A real luigid, stopped after the test. Resolves to its URL. */
export async function openLuigid(): Promise<string> {
  const port = await freePort();
  const args = [
    "--address",
    "127.0.0.1",
    "--port",
    String(port),
    "--state-path",
    join(temporaryFolder(), "state"),
  ];
  const child = spawn(join(luigiFolder(), "luigid"), args, { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`luigid ended with ${child.exitCode}`);
    if (
      await request(`${url}/api/is_paused`).then(
        ({ status }) => status === 200,
        () => false,
      )
    )
      return url;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
