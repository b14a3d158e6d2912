import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { machine } from "./lib/report.ts";
import { SECTIONS, type Section } from "./lib/sections.ts";
import { versions } from "./lib/versions.ts";

// Measures Leat and its references one after another and writes bench/RESULTS.md, a section for each script:
//
//     npm run bench                                    all
//     npm run bench -- programs                        those with these words in their titles; the other sections stay
//     npm run bench -- memory --sizes 1000 --rounds 1  other numbers, for the scripts of this folder
//
// A script can also be run alone. The machine should do nothing else.

const RESULTS = new URL("RESULTS.md", import.meta.url);
const root = fileURLToPath(new URL("..", import.meta.url));

const args = process.argv.slice(2);
const firstFlag = args.findIndex((arg) => arg.startsWith("--"));
const words = args.slice(0, firstFlag < 0 ? undefined : firstFlag).map((word) => word.toLowerCase());
const flags = firstFlag < 0 ? [] : args.slice(firstFlag);

for (const section of chosen()) {
  process.stderr.write(`${section.title} …\n`);
  const part = await measured(section);
  // After each: what was measured is not lost when a later one fails.
  writeFileSync(RESULTS, report(new Map([...sectionsSoFar(), [section.title, part]])));
}

function chosen(): readonly Section[] {
  const found = SECTIONS.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
  if (found.length > 0) return found;
  const titles = SECTIONS.map(({ title }) => `  ${title}`).join("\n");
  throw new Error(`No section has ${words.join(" and ")} in its title. There are:\n${titles}`);
}

/** The sections of the report that is there, by their titles. */
function sectionsSoFar(): Map<string, string> {
  if (!existsSync(RESULTS)) return new Map();
  const [, ...parts] = readFileSync(RESULTS, "utf8").split(/^## /m);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), `## ${part.trim()}\n`]));
}

async function measured(section: Section): Promise<string> {
  const load = loadavg().map((value) => value.toFixed(1));
  const start = performance.now();
  const output = await outputOf(section);
  const seconds = Math.round((performance.now() - start) / 1000);
  const remark = section.remark === undefined ? "" : ` ${section.remark}`;
  const about = `\`${section.script}\`, ${seconds} s; load before: ${load.join(", ")}.${remark}`;
  return `## ${section.title}\n\n${about}\n\n${output}\n`;
}

async function outputOf({ script, nodeArgs = [], args = [], env = {}, isOurs }: Section): Promise<string> {
  const command = [
    ...nodeArgs,
    "--conditions=@leat/source",
    "--import",
    "tsx",
    script,
    ...args,
    ...(isOurs ? flags : []),
  ];
  const settings = { cwd: root, env: { ...process.env, ...env } };
  const child = spawn(process.execPath, command, { ...settings, stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  // Some scripts have limits; what they measured is told all the same.
  const isMissed = code === 1 && output.trim() !== "";
  if (code !== 0 && !isMissed) throw new Error(`${script} ended with ${code}:\n${output}`);
  const shown = isOurs ? output.trim() : `\`\`\`text\n${output.trim()}\n\`\`\``;
  return isMissed ? `${shown}\n\n**A limit of the script was missed.**` : shown;
}

function report(sections: ReadonlyMap<string, string>): string {
  const head = `# Results

Made by \`npm run bench\`, section by section; each names its script. Measured on ${machine()}, beside
${versions()}.

Times are wall time unless a table says otherwise: medians, with the lowest and the highest in brackets. Both sides of a
comparison ran in turn on the same machine. Where Leat is slower than a reference, the line says so.
`;
  const parts = SECTIONS.map(({ title }) => sections.get(title)).filter((part) => part !== undefined);
  return [head, ...parts].join("\n");
}
