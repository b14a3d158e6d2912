import { createLogger, LOG_LEVELS, run, RUNNERS, type RunResult } from "@leat/worker";
import type { Command } from "./command.ts";
import { choiceFlag, countFlag, type Flag, switchFlag } from "./flags.ts";
import { Progress } from "./progress.ts";
import { resultJson } from "./result-json.ts";
import { listenToSignals } from "./signals.ts";
import { readTaskCommand } from "./task-command.ts";

const FLAGS: readonly Flag[] = [
  { name: "workers", placeholder: "N", description: "Attempts under way at a time. Default 1." },
  {
    name: "runner",
    placeholder: "NAME",
    description:
      "inline: in this process. process: each in a child process, which can be ended. Default inline.",
  },
  { name: "log-level", placeholder: "LEVEL", description: `One of ${LOG_LEVELS.join(", ")}. Default info.` },
  { name: "json", description: "Print the summary as JSON." },
];

/** `leat run MODULE TASK`: runs a task and what it requires, and prints the summary. */
export const runCommand: Command = {
  name: "run",
  usage: "MODULE TASK [--param value …]",
  description: "Run a task and all that it requires.",
  async execute(args) {
    const command = await readTaskCommand("run", args, FLAGS);
    if (command === undefined) return 0;
    const { task, module, flags } = command;
    const progress = new Progress(process.stderr);
    const log = createLogger(choiceFlag(flags, "log-level", LOG_LEVELS, "info"), (line) =>
      progress.write(line),
    );
    const signals = listenToSignals((message) => progress.write(`${message}\n`));
    try {
      const result = await run([task], {
        workers: countFlag(flags, "workers", 1),
        runner: choiceFlag(flags, "runner", RUNNERS, "inline"),
        module: module.url,
        log,
        listen: (events) => progress.listen(events),
        drain: signals.drain,
        signal: signals.end,
      });
      progress.close();
      print(result, switchFlag(flags, "json"));
      return signals.exitCode() ?? result.exitCode;
    } finally {
      progress.close();
      signals.close();
    }
  },
};

function print(result: RunResult, asJson: boolean): void {
  process.stdout.write(
    asJson ? `${JSON.stringify(resultJson(result), null, 2)}\n` : `${result.summaryText}\n`,
  );
}
