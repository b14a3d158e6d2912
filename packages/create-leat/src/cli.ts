#!/usr/bin/env node
import { parseArgs } from "node:util";
import { createFromTemplate, TEMPLATES, type TemplateName } from "./create.ts";

const USAGE = `Usage: npm create leat DIRECTORY [-- --template ${TEMPLATES.join("|")}]

Begins a Leat project in a new directory.

  --template NAME  project: tasks of your own, with a test. Default.
                   adapter: a store of your own, with the conformance suite.
  --help           Show this help.
`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`create-leat: ${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { template: { type: "string", default: "project" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) return void process.stdout.write(USAGE);
  const [directory, extra] = positionals;
  if (directory === undefined) throw new Error("No directory was given: npm create leat my-pipelines.");
  if (extra !== undefined)
    throw new Error(`${JSON.stringify(extra)} is one argument too many. Give one directory.`);
  const files = await createFromTemplate({ directory, template: templateNamed(values.template) });
  process.stdout.write(
    `${directory} has ${files.length} files. Go on with:\n\n  cd ${directory}\n  npm install\n  npm test\n`,
  );
}

function templateNamed(name: string): TemplateName {
  const found = TEMPLATES.find((template) => template === name);
  if (found !== undefined) return found;
  throw new Error(`There is no template ${JSON.stringify(name)}. Give --template ${TEMPLATES.join(" or ")}.`);
}
