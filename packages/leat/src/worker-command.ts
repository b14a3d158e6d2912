import { Configuration, UsageError, useConfiguration } from "@leat/core";
import { assist, createLogger, loadTaskModule, type TaskModule } from "@leat/worker";
import { attemptOptions } from "./attempt-options.ts";
import type { Program } from "./command.ts";
import { loadConfiguration } from "./configuration.ts";
import { type ParsedFlags, parseFlags } from "./flags.ts";
import { COMMON_FLAGS, commandHelp, isHelpWanted, showHelp } from "./help.ts";
import { Progress } from "./progress.ts";
import { schedulerInForce } from "./scheduler-options.ts";
import { settingFlags, settingInForce, SETTINGS, settingsLayer } from "./settings.ts";
import { listenToSignals } from "./signals.ts";
import { followAttempts } from "./under-way.ts";

const SHOWN = [
  SETTINGS.schedulerUrl,
  SETTINGS.schedulerTokenFile,
  SETTINGS.schedulerCaFile,
  SETTINGS.connectTimeout,
  SETTINGS.reconnectTimeout,
  SETTINGS.workerId,
  SETTINGS.heartbeat,
  SETTINGS.workers,
  SETTINGS.runner,
  SETTINGS.timeout,
  SETTINGS.retryExternal,
  SETTINGS.externalDelay,
  SETTINGS.checkRequirements,
  SETTINGS.maxReschedules,
  SETTINGS.logLevel,
];
const OWN_FLAGS = settingFlags(SHOWN);
const FLAGS = [...OWN_FLAGS, ...COMMON_FLAGS];
const USAGE = "worker MODULE… --scheduler URL";

/** `leat worker MODULE…`: stays, and runs tasks of these modules that others registered, until a signal ends it. */
export const worker: Program = { flags: OWN_FLAGS, execute };

async function execute(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, FLAGS);
  if (isHelpWanted(parsed)) {
    showHelp(commandHelp(USAGE, parsed, FLAGS));
    return 0;
  }
  const modules = await loadModules(parsed);
  await stay(modules);
  return 0;
}

async function loadModules(parsed: ParsedFlags): Promise<TaskModule[]> {
  if (parsed.positionals.length === 0) {
    throw new UsageError("FLAG_INVALID", `leat worker needs the modules whose tasks it runs: leat ${USAGE}.`);
  }
  const files = await loadConfiguration();
  useConfiguration(new Configuration([...files.layers, settingsLayer(parsed, SHOWN)]));
  return Promise.all(parsed.positionals.map((location) => loadTaskModule(location)));
}

async function stay(modules: readonly TaskModule[]): Promise<void> {
  const scheduler = schedulerInForce();
  if (scheduler === undefined) {
    throw new UsageError("FLAG_INVALID", `leat worker needs a scheduler to take work from: leat ${USAGE}.`);
  }
  const signals = listenToSignals((message) => process.stderr.write(`${message}\n`));
  const progress = new Progress(process.stderr);
  try {
    await assist(modules, {
      scheduler,
      workers: settingInForce(SETTINGS.workers),
      runner: settingInForce(SETTINGS.runner),
      log: createLogger(settingInForce(SETTINGS.logLevel), (line) => process.stderr.write(line)),
      listen: (events) => {
        followAttempts(events);
        progress.listen(events);
      },
      drain: signals.drain,
      signal: signals.end,
      ...attemptOptions(),
    });
  } finally {
    progress.close();
    signals.close();
  }
}
