import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../src/commands.ts";
import { SETTINGS } from "../src/settings.ts";
import { leat } from "./command-line.ts";

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

/** Commands whose help is that of another program. */
const OTHERS = ["server"];

describe("docs/command-line.md", () => {
  const page = read("command-line.md");

  it("has the help of leat itself", async () => {
    expect(page).toContain(`\`\`\`text\n${(await leat(["--help"])).stdout}\`\`\``);
  });

  it.each(COMMANDS.map(({ name }) => name).filter((name) => !OTHERS.includes(name)))(
    "has the help of %s",
    async (name) => {
      expect(page).toContain(`\`\`\`text\n${(await leat([name, "--help"])).stdout}\`\`\``);
    },
  );
});

describe("docs/configuration.md", () => {
  const rows = read("configuration.md")
    .split("\n")
    .filter((line) => /^\| `[a-z_]+` \| `[a-z_]+` \|/.test(line));

  it("has a row for each setting, and for nothing else", () => {
    const settings = Object.values(SETTINGS).map(({ section, key, flag, default: fallback, description }) => {
      const shown = fallback === "" ? "" : `\`${String(fallback)}\``;
      return `| \`${section}\` | \`${key}\` | \`--${flag}\` | ${shown} | ${description} |`;
    });
    expect(rows.map((row) => row.replaceAll(/ +/g, " "))).toEqual(
      settings.map((row) => row.replaceAll(/ +/g, " ")),
    );
  });
});
