import type { Command } from "./command.ts";
import { table } from "./table.ts";

/** What `leat --help` says. */
export function generalHelp(commands: readonly Command[]): string[] {
  return [
    "Leat runs tasks that load, transform and move data.",
    "",
    "Usage: leat COMMAND [arguments]",
    "",
    ...table(commands.map(({ name, usage, description }) => [`${name} ${usage}`, description])),
    "",
    "leat COMMAND --help tells more, leat run MODULE TASK --help lists the parameters of a task.",
  ];
}
