import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { machine } from "./lib/report.ts";

// Measures Leat and its references one after another and writes bench/RESULTS.md. Each section is what one script prints;
// each script can be run alone. Run it with: npm run bench [-- words of titles], on a machine that does nothing else.

interface Section {
  readonly title: string;
  /** Path from the root of the repository. */
  readonly script: string;
  readonly nodeArgs?: readonly string[];
  /** Whether it prints Markdown; else its output is shown as it is. */
  readonly isMarkdown?: boolean;
}

const SECTIONS: readonly Section[] = [
  { title: "Local runs beside Luigi and make", script: "bench/local-runs.ts", isMarkdown: true },
  { title: "Planning and running in one process", script: "bench/graphs.ts", nodeArgs: ["--expose-gc"] },
  { title: "The scheduler's state machine", script: "packages/scheduler/bench/state-machine.ts" },
  { title: "PostgreSQL beside psql", script: "packages/adapters/postgres/bench/load.ts" },
  { title: "MariaDB beside its client", script: "packages/adapters/mysql/bench/load.ts" },
  { title: "S3 beside curl", script: "packages/adapters/s3/bench/transfer.ts" },
  { title: "SFTP beside sftp", script: "packages/adapters/sftp/bench/transfer.ts" },
  { title: "FTP beside curl", script: "packages/adapters/ftp/bench/transfer.ts" },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = SECTIONS.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
if (chosen.length === 0) {
  const titles = SECTIONS.map(({ title }) => `  ${title}`).join("\n");
  throw new Error(`No section has ${words.join(" and ")} in its title. There are:\n${titles}`);
}

const about = machine();
const parts: string[] = [];
for (const section of chosen) {
  process.stderr.write(`${section.title} …\n`);
  parts.push(`## ${section.title}\n\n\`${section.script}\`\n\n${await outputOf(section)}\n`);
}
const head = `# Results\n\nMade by \`npm run bench\`. ${about}\n\nTimes are wall time, medians with the lowest and highest in brackets. Both sides ran in turn on the same machine.\n`;
const report = [head, ...parts].join("\n");
if (words.length === 0) writeFileSync(new URL("RESULTS.md", import.meta.url), report);
else process.stdout.write(report);

async function outputOf({ script, nodeArgs = [], isMarkdown = false }: Section): Promise<string> {
  const args = [...nodeArgs, "--import", "tsx", script];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`${script} ended with ${code}.`);
  return isMarkdown ? output.trim() : `\`\`\`text\n${output.trim()}\n\`\`\``;
}
