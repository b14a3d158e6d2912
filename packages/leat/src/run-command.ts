import { createLogger, LOG_LEVELS, type LogLevel, run, RUNNERS, type RunResult } from "@leat/worker";
import type { Command } from "./command.ts";
import { choiceFlag, countFlag, type Flag, switchFlag } from "./flags.ts";
import { print } from "./output.ts";
import { Progress } from "./progress.ts";
import { resultJson } from "./result-json.ts";
import { listenToSignals, type Signals } from "./signals.ts";
import { readTaskCommand, type TaskCommand } from "./task-command.ts";

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
    const asJson = switchFlag(command.flags, "json");
    const logLevel = choiceFlag(command.flags, "log-level", LOG_LEVELS, "info");
    const signals = listenToSignals((message) => process.stderr.write(`${message}\n`));
    try {
      const result = await runTask(command, logLevel, signals);
      print(asJson ? `${JSON.stringify(resultJson(result), null, 2)}\n` : `${result.summaryText}\n`);
      return signals.exitCode() ?? result.exitCode;
    } catch (error) {
      const exitCode = signals.exitCode();
      if (exitCode === undefined || error !== signals.drain.reason) throw error;
      process.stderr.write("leat: the run was cancelled before anything began.\n");
      return exitCode;
    } finally {
      signals.close();
    }
  },
};

async function runTask(command: TaskCommand, logLevel: LogLevel, signals: Signals): Promise<RunResult> {
  const { task, module, flags } = command;
  const progress = new Progress(process.stderr);
  try {
    return await run([task], {
      workers: countFlag(flags, "workers", 1),
      runner: choiceFlag(flags, "runner", RUNNERS, "inline"),
      module: module.url,
      log: createLogger(logLevel, (line) => process.stderr.write(line)),
      listen: (events) => progress.listen(events),
      drain: signals.drain,
      signal: signals.end,
    });
  } finally {
    progress.close();
  }
}
