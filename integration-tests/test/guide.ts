import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePortRun } from "@leat-internal/dev-servers";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Commands of a guide as they were carried out. */
export interface Step {
  readonly commands: string;
  /** The block of text that follows them: what they print. `undefined` when there is none. */
  readonly shown: string | undefined;
  readonly printed: string;
  readonly exitCode: number | null;
}

/** A file of a guide: TypeScript whose first line names it. Or commands, with what they print. */
const BLOCK =
  /^```ts\n\/\/ (?<file>\S+)\n(?<code>[\s\S]*?)^```$|^```sh\n(?<commands>[\s\S]*?)^```\n(?:\n```text\n(?<shown>[\s\S]*?)^```\n)?/gm;

/** What a reader does who follows a guide in an empty folder: writes its files, runs its commands, stays in the folder they go to. */
export class GuideReader {
  readonly folder = mkdtempSync(join(tmpdir(), "leat-guide-"));
  readonly #environment: NodeJS.ProcessEnv;
  readonly #started: ChildProcess[] = [];
  #at = this.folder;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** @param page path from the root of the repository; ports in it are replaced by one that is free, and stays so */
  async follow(page: string): Promise<Step[]> {
    const guide = readFileSync(join(root, page), "utf8").replaceAll("8082", String(await freePortRun(1)));
    const steps: Step[] = [];
    for (const { groups = {} } of guide.matchAll(BLOCK)) {
      const { file, code = "", commands = "", shown } = groups;
      if (file !== undefined) writeFileSync(join(this.#at, file), code);
      else steps.push({ commands, shown, ...(await this.#sh(commands)) });
    }
    return steps;
  }

  async #sh(commands: string): Promise<Pick<Step, "printed" | "exitCode">> {
    const script = `set -e\n${commands}\npwd > "$LEAT_GUIDE_AT"\n`;
    const place = join(this.folder, ".at");
    const child = spawn("sh", ["-c", script], {
      cwd: this.#at,
      // A group of its own, so that what it leaves behind can be ended.
      detached: true,
      env: { ...process.env, ...this.#environment, LEAT_GUIDE_AT: place },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#started.push(child);
    const [printed, errors, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    if (exitCode === 0) this.#at = readFileSync(place, "utf8").trim();
    else process.stderr.write(`${commands}${printed}${errors}`);
    return { printed, exitCode };
  }

  /** Ends what the commands started, and removes the folder. */
  close(): void {
    for (const { pid } of this.#started) {
      try {
        if (pid !== undefined) process.kill(-pid, "SIGKILL");
      } catch {
        // Nothing of the group is left.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
