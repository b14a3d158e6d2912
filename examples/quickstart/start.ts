import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DATABASE_NAME, openDatabase, shownPath } from "./database.ts";
import { leat } from "./leat.ts";
import { main } from "./main.ts";
import { OUTPUT_DIRECTORY } from "./tasks/files.ts";

const TASKS = fileURLToPath(new URL("tasks/index.ts", import.meta.url));

/** Opens a database, has Leat make the report, and shows it. Further flags are for Leat. */
await main(async (args) => {
  const flags = ["--workers", "4", "--log-level", "warn", ...args];
  process.stdout.write(`Database: ${DATABASE_NAME}\n`);
  const database = await openDatabase();
  try {
    process.stdout.write(`Command:  leat run tasks/index.ts Report ${flags.join(" ")}\n`);
    const code = await leat(["run", TASKS, "Report", ...flags], { DATABASE_URL: database.url });
    process.stdout.write(code === 0 ? await result() : failure(code));
    return code;
  } finally {
    await database.close();
  }
});

async function result(): Promise<string> {
  return `
${await readFile(join(OUTPUT_DIRECTORY, "report.md"), "utf8")}
────────
The report          ${shownPath("report.md")}
Rows left out       ${shownPath("rejected")}
Tables              quickstart_strikes, quickstart_airports and quickstart_sums in ${DATABASE_NAME}
Look at a table     npm run sql -w @leat-examples/quickstart -- "select * from quickstart_sums"
Run it again        npm run quickstart (there is nothing left to do)
Make a part again   rm ${shownPath("clean/strikes-1995.csv")}, and run it again
Start over          rm -r ${shownPath("")}
`;
}

function failure(code: number): string {
  return `The report was not made (exit code ${code}). What is done stays done: mend the cause, and run it again.\n`;
}
