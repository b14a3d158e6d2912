import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(root, "packages/leat/dist/cli.js");
const NOT_LINKED = new Set(["package.json", "README.md", "test", "node_modules", "out"]);

/** Commands of a README that were run, and what it shows below them. */
export interface Step {
  readonly commands: string;
  /** The text block that follows; `undefined` when there is none. */
  readonly shown: string | undefined;
  readonly printed: string;
  readonly exitCode: number;
}

/** A folder with the files of an example, in which the commands of its README run as a user runs them. */
export class ExampleRun {
  readonly folder = mkdtempSync(join(tmpdir(), "leat-example-"));
  readonly #example: string;

  /** @param name of the folder in `examples` */
  constructor(name: string) {
    this.#example = join(root, "examples", name);
    for (const file of readdirSync(this.#example)) {
      if (!NOT_LINKED.has(file)) symlinkSync(join(this.#example, file), join(this.folder, file));
    }
  }

  /** Runs the `sh` blocks of the README, one after another. */
  async readme(environment: NodeJS.ProcessEnv = {}): Promise<Step[]> {
    const text = readFileSync(join(this.#example, "README.md"), "utf8");
    const steps: Step[] = [];
    for (const [, commands = "", shown] of text.matchAll(SH_BLOCK)) {
      steps.push({ commands, shown, ...(await this.sh(commands, environment)) });
    }
    return steps;
  }

  /** Runs commands in a shell; `npx leat` is the one that was built here. */
  sh(commands: string, environment: NodeJS.ProcessEnv = {}): Promise<{ printed: string; exitCode: number }> {
    const script = `npx() { shift; "$NODE" "$CLI" "$@"; }\n${commands}`;
    const env = { ...process.env, ...environment, NODE: process.execPath, CLI };
    return new Promise((resolve) => {
      execFile("sh", ["-ec", script], { cwd: this.folder, env }, (error, stdout, stderr) => {
        const exitCode = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
        if (exitCode !== 0) process.stderr.write(stderr);
        resolve({ printed: stdout, exitCode });
      });
    });
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const SH_BLOCK = /^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm;

/** Each step as the README has it: to be compared with the steps that were run. */
export function asShown(steps: readonly Step[]): readonly Omit<Step, "commands">[] {
  return steps.map(({ shown, printed }) => ({ shown, printed: shown ?? printed, exitCode: 0 }));
}
