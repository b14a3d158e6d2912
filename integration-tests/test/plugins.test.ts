import { describe, expect, it } from "vitest";
import { useWorkspace } from "./support.ts";

const workspace = useWorkspace();

const TASKS = `
import { ExternalTask, p, targetAt, Task, LocalTarget } from "leat";
export class Item extends ExternalTask.with({ url: p.string() }) {
  override output() { return targetAt(this.url); }
}
export class Note extends Task.with({ url: p.string() }) {
  override requires() { return new Item({ url: this.url }); }
  override output() { return new LocalTarget("out/note.txt"); }
  override async run() { await this.output().writeText(String(this.input())); }
}
`;

/** A store in which everything is there, as a package would bring it. */
function plugin(api: number): string {
  return `
import { appendFileSync } from "node:fs";
import { LocalTarget } from "leat";
export function shelf() {
  return {
    name: "shelf",
    api: ${api},
    schemes: { shelf: (url: string) => new LocalTarget("shelf/" + url.slice("shelf://".length)) },
    async close() { appendFileSync("closed.txt", "closed\\n"); },
  };
}
`;
}

const CONFIG = `
import { shelf } from "./shelf.ts";
export default { plugins: [shelf()] };
`;

function install(api = 1): void {
  workspace.write("tasks.ts", TASKS);
  workspace.write("shelf.ts", plugin(api));
  workspace.write("leat.config.ts", CONFIG);
  workspace.write("shelf/book", "");
}

const ARGS = ["run", "tasks.ts", "Note", "--url", "shelf://book"];

describe("leat.config.ts", () => {
  it.each(["inline", "process"])(
    "gives tasks the targets of its plugins in the runner %s, and closes them",
    async (runner) => {
      install();
      const { exitCode, stdout } = await workspace.leat([...ARGS, "--runner", runner]);
      expect(stdout).toContain("This progress looks :)");
      expect(exitCode).toBe(0);
      expect(workspace.read("out/note.txt")).toBe("shelf/book");
      expect(workspace.read("closed.txt")).toBe("closed\n");
    },
  );

  it("with a plugin of another version of the contract fails on load, and says so", async () => {
    install(2);
    const { exitCode, stderr } = await workspace.leat(ARGS);
    expect(stderr).toContain(
      "The plugin shelf was written for version 2 of the plugin contract; this is version 1. Install a version of shelf that fits.",
    );
    expect(exitCode).not.toBe(0);
    expect(workspace.has("out")).toBe(false);
  });

  it.each([
    ["export default {};", "lists no plugins"],
    ['throw new Error("no key");', "no key"],
  ])("that says %s is an error of the configuration", async (text, message) => {
    install();
    workspace.write("leat.config.ts", text);
    const { exitCode, stderr } = await workspace.leat(ARGS);
    expect(stderr).toContain(message);
    expect(exitCode).not.toBe(0);
  });

  it("is not needed", async () => {
    install();
    workspace.delete("leat.config.ts");
    const { stdout, stderr } = await workspace.leat(ARGS);
    expect(`${stdout}${stderr}`).toContain('No plugin has targets of the scheme "shelf"');
  });
});
