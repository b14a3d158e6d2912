import {
  createLogger,
  type ExitCodes,
  run as runTasks,
  type RunLogger,
  type RunOptions,
  type RunResult,
} from "@leat/worker";
import { attemptOptions } from "./attempt-options.ts";
import type { Program } from "./command.ts";
import { type Flag, type ParsedFlags, switchFlag } from "./flags.ts";
import { FORCE_FLAGS, forced } from "./force-flags.ts";
import { print } from "./output.ts";
import { resourcesInForce } from "./resources.ts";
import { schedulerInForce } from "./scheduler-options.ts";
import { settingInForce, SETTINGS } from "./settings.ts";
import { listenToSignals, type Signals } from "./signals.ts";
import {
  readTaskCommand,
  type TaskCommand,
  taskCommandFlags,
  type TaskCommandShape,
} from "./task-command.ts";
import { followAttempts } from "./under-way.ts";

const FLAGS: readonly Flag[] = [
  {
    name: "resources",
    placeholder: "NAME=N,…",
    description: "Units of shared resources; one that is not named has 1.",
  },
  ...FORCE_FLAGS,
  { name: "progress", description: "Show a line on a terminal that tells how far the run is. Default true." },
  { name: "json", description: "Print the summary as JSON." },
];

const SHAPE: TaskCommandShape = { name: "run", ownFlags: FLAGS, settings: Object.values(SETTINGS) };

/** `leat run MODULE TASK`: runs a task and what it requires, and prints the summary. */
export const run: Program = { flags: taskCommandFlags(SHAPE), execute };

async function execute(args: readonly string[]): Promise<number> {
  const command = await readTaskCommand(SHAPE, args);
  if (command === undefined) return 0;
  const options = await runOptions(command);
  const asJson = switchFlag(command.flags, "json");
  const signals = listenToSignals((message) => process.stderr.write(`${message}\n`));
  try {
    const result = await runTask(command, options, signals);
    print(`${asJson ? await jsonOf(result) : result.summaryText}\n`);
    return signals.exitCode() ?? result.exitCode;
  } catch (error) {
    const exitCode = signals.exitCode();
    if (exitCode === undefined || error !== signals.drain.reason) throw error;
    process.stderr.write("leat: the run was cancelled before anything began.\n");
    return exitCode;
  } finally {
    signals.close();
  }
}

async function jsonOf(result: RunResult): Promise<string> {
  // Loaded when it is asked for, as is all that a plain run does not need: each module takes time to load.
  const { resultJson } = await import("./result-json.ts");
  return JSON.stringify(resultJson(result), null, 2);
}

/** Everything that flags and configuration say of a run. @throws UsageError */
async function runOptions(command: TaskCommand): Promise<RunOptions> {
  const { module, flags } = command;
  const retryCount = settingInForce(SETTINGS.retryCount);
  const taskLimit = settingInForce(SETTINGS.taskLimit);
  return {
    workers: settingInForce(SETTINGS.workers),
    runner: settingInForce(SETTINGS.runner),
    module: module.url,
    ...sharing(flags),
    summaryLines: settingInForce(SETTINGS.summaryLines),
    exitCodes: exitCodes(),
    log: loggerFor(command),
    ...attemptOptions(),
    ...(taskLimit > 0 && { taskLimit }),
    ...(retryCount > 1 && {
      retry: { count: retryCount - 1, delaySeconds: settingInForce(SETTINGS.retryDelay) },
    }),
    ...(await forced(command)),
  };
}

/** The scheduler to share; without one, what its own is told of resources. A shared one has limits of its own. */
function sharing({ values }: ParsedFlags): Pick<RunOptions, "scheduler" | "resources"> {
  const scheduler = schedulerInForce();
  const resources = values.get("resources");
  if (scheduler === undefined) return { resources: resourcesInForce(resources) };
  return { scheduler, ...(resources !== undefined && { resources: resourcesInForce(resources) }) };
}

function exitCodes(): ExitCodes {
  return {
    runByOtherWorker: settingInForce(SETTINGS.alreadyRunning),
    missingExternal: settingInForce(SETTINGS.missingData),
    notRun: settingInForce(SETTINGS.notRun),
    failed: settingInForce(SETTINGS.taskFailed),
    schedulingFailed: settingInForce(SETTINGS.schedulingError),
  };
}

function loggerFor({ remarks }: TaskCommand): RunLogger {
  const log = createLogger(settingInForce(SETTINGS.logLevel), (line) => process.stderr.write(line));
  for (const { level, message } of remarks) log[level](message);
  return log;
}

async function runTask(
  { task, flags }: TaskCommand,
  options: RunOptions,
  signals: Signals,
): Promise<RunResult> {
  const isShown = process.stderr.isTTY && flags.values.get("progress") !== "false";
  const progress = isShown ? new (await import("./progress.ts")).Progress(process.stderr) : undefined;
  try {
    return await runTasks([task], {
      ...options,
      listen: (events) => {
        followAttempts(events);
        progress?.listen(events);
      },
      drain: signals.drain,
      signal: signals.end,
    });
  } finally {
    progress?.close();
  }
}
