import { type ConfigLayer, configurationInForce, UsageError } from "@leat/core";
import { LOG_LEVELS, type LogLevel, RUNNERS } from "@leat/worker";
import type { Flag, ParsedFlags } from "./flags.ts";

/** Origin of values that flags give. */
const COMMAND_LINE = "the command line";

/** A setting of Leat itself: a key of a section of the configuration, and a flag. */
export interface Setting<T> {
  readonly section: string;
  readonly key: string;
  /** Without the dashes. Besides it there is `--section-key`, as in Luigi. */
  readonly flag: string;
  /** Absent for a switch. */
  readonly placeholder?: string;
  /** One sentence, without the default. */
  readonly description: string;
  readonly default: T;
  /** What is accepted, to end a sentence with. */
  readonly expects: string;
  /** `undefined` for a text that is not accepted. */
  readonly parse: (text: string) => T | undefined;
}

type Place = Pick<Setting<unknown>, "section" | "key" | "flag" | "placeholder" | "description">;

function oneOf<const C extends string>(choices: readonly C[], fallback: C, place: Place): Setting<C> {
  return {
    ...place,
    default: fallback,
    expects: `one of ${choices.join(", ")}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

function number(minimum: number, fallback: number, place: Place, maximum = 1e9): Setting<number> {
  const range = maximum < 1e9 ? `from ${minimum} to ${maximum}` : `of at least ${minimum}`;
  return {
    ...place,
    default: fallback,
    expects: `a whole number ${range}`,
    parse(text) {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

function seconds(fallback: number, place: Place): Setting<number> {
  return {
    ...place,
    default: fallback,
    expects: "a number of seconds such as 1.5",
    parse: (text) => (/^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined),
  };
}

function aboveZero(setting: Setting<number>): Setting<number> {
  const parse: Setting<number>["parse"] = (given) => setting.parse(given) || undefined;
  return { ...setting, expects: "a number of seconds above 0, such as 1.5", parse };
}

function text(expects: string, place: Place): Setting<string> {
  return { ...place, default: "", expects, parse: (given) => (given === "" ? undefined : given) };
}

function truth(place: Place): Setting<boolean> {
  // Luigi's words, by which its configuration files say so.
  const words: Readonly<Record<string, boolean>> = { true: true, false: false, "1": true, "0": false };
  return {
    ...place,
    default: false,
    expects: "true or false",
    parse: (given) => words[given.toLowerCase()],
  };
}

/** An exit code. Defaults are those that Luigi's documentation recommends. */
function exitCode(key: string, fallback: number, when: string): Setting<number> {
  // Luigi's form.
  const flag = `retcode-${key.replaceAll("_", "-")}`;
  const description = `Exit code when ${when}.`;
  return number(0, fallback, { section: "retcode", key, flag, placeholder: "CODE", description }, 255);
}

/** Luigi's words for levels that Leat names otherwise. */
const LUIGI_LEVELS: Readonly<Record<string, LogLevel>> = {
  notset: "debug",
  warning: "warn",
  critical: "error",
};

/** All settings, by a short name. */
export const SETTINGS = {
  workers: number(1, 1, {
    section: "core",
    key: "workers",
    flag: "workers",
    placeholder: "N",
    description: "Attempts under way at a time.",
  }),
  runner: oneOf(RUNNERS, "inline", {
    section: "core",
    key: "runner",
    flag: "runner",
    placeholder: "NAME",
    description: "inline: in this process. process: each in a child process, which can be ended.",
  }),
  logLevel: {
    ...oneOf(LOG_LEVELS, "info", {
      section: "core",
      key: "log_level",
      flag: "log-level",
      placeholder: "LEVEL",
      description: `One of ${LOG_LEVELS.join(", ")}.`,
    }),
    parse(text: string) {
      const word = text.toLowerCase();
      return LUIGI_LEVELS[word] ?? LOG_LEVELS.find((level) => level === word);
    },
  },
  timeout: seconds(0, {
    section: "worker",
    key: "timeout",
    flag: "timeout",
    placeholder: "SECONDS",
    description: "Longest time of an attempt, for tasks that say none. 0 is no limit.",
  }),
  retryCount: number(1, 1, {
    section: "scheduler",
    key: "retry_count",
    flag: "retry-count",
    placeholder: "N",
    description: "Attempts at a task until its failure counts, for tasks that say none.",
  }),
  retryDelay: seconds(5, {
    section: "scheduler",
    key: "retry_delay",
    flag: "retry-delay",
    placeholder: "SECONDS",
    description: "Time until the second attempt; it doubles for each further one.",
  }),
  schedulerUrl: text("one or more URLs like http://host:8082, with commas between them", {
    section: "core",
    key: "scheduler_url",
    flag: "scheduler",
    placeholder: "URL,…",
    description: "leatd to share the work over, and its standbys. Its token is read from LEAT_TOKEN.",
  }),
  schedulerTokenFile: text("the path of a file", {
    section: "core",
    key: "scheduler_token_file",
    flag: "token-file",
    placeholder: "PATH",
    description: "File with the token for the scheduler, instead of LEAT_TOKEN.",
  }),
  schedulerCaFile: text("the path of a file", {
    section: "core",
    key: "scheduler_ca_file",
    flag: "ca-file",
    placeholder: "PATH",
    description: "Certificates of the authority to trust with the scheduler, as PEM.",
  }),
  connectTimeout: seconds(30, {
    section: "core",
    key: "rpc_connect_timeout",
    flag: "connect-timeout",
    placeholder: "SECONDS",
    description: "How long the scheduler is waited for before anything begins.",
  }),
  reconnectTimeout: seconds(300, {
    section: "core",
    key: "scheduler_reconnect_timeout",
    flag: "reconnect-timeout",
    placeholder: "SECONDS",
    description: "How long a scheduler that went away is waited for.",
  }),
  workerId: text("a name", {
    section: "worker",
    key: "id",
    flag: "worker-id",
    placeholder: "NAME",
    description: "Name of this worker at the scheduler, unlike any other's. Made up when it is not given.",
  }),
  heartbeat: seconds(5, {
    section: "worker",
    key: "ping_interval",
    flag: "heartbeat",
    placeholder: "SECONDS",
    description: "Time between two signs of life to the scheduler.",
  }),
  keepAlive: truth({
    section: "worker",
    key: "keep_alive",
    flag: "keep-alive",
    description: "Stay while some own task is pending at the scheduler, whatever it waits for.",
  }),
  countUniques: truth({
    section: "worker",
    key: "count_uniques",
    flag: "count-uniques",
    description: "With --keep-alive: stay only for tasks that no other worker can run.",
  }),
  countLastScheduled: truth({
    section: "worker",
    key: "count_last_scheduled",
    flag: "count-last-scheduled",
    description: "With --keep-alive: stay only for tasks that this worker was the last to register.",
  }),
  maxIdle: seconds(0, {
    section: "worker",
    key: "max_keep_alive_idle_duration",
    flag: "max-idle",
    placeholder: "SECONDS",
    description: "With --keep-alive: leave after this long without anything to run. 0 is never.",
  }),
  retryExternal: truth({
    section: "worker",
    key: "retry_external_tasks",
    flag: "retry-external-tasks",
    description: "Look again at external tasks that are not there, and stay until they are.",
  }),
  externalDelay: aboveZero(
    seconds(60, {
      section: "worker",
      key: "external_delay",
      flag: "external-delay",
      placeholder: "SECONDS",
      description:
        "With --retry-external-tasks: time between two looks, for tasks that have no policy of retries.",
    }),
  ),
  checkRequirements: truth({
    section: "worker",
    key: "check_unfulfilled_deps",
    flag: "check-requirements",
    description:
      "Look right before a task runs whether all that it requires is still there, and make again what is not.",
  }),
  maxReschedules: number(0, 1, {
    section: "worker",
    key: "max_reschedules",
    flag: "max-reschedules",
    placeholder: "N",
    description: "With --check-requirements: how often the same task is made again.",
  }),
  taskLimit: number(0, 0, {
    section: "worker",
    key: "task_limit",
    flag: "max-tasks",
    placeholder: "N",
    description: "Most tasks that the run does, requirements first. 0 is no limit.",
  }),
  summaryLines: number(0, 5, {
    section: "execution_summary",
    key: "summary_length",
    flag: "summary-lines",
    placeholder: "N",
    description: "Most lines for each kind of outcome in the summary. 0 is all.",
  }),
  alreadyRunning: exitCode("already_running", 10, "another worker runs a task"),
  missingData: exitCode("missing_data", 20, "external data is missing"),
  notRun: exitCode("not_run", 25, "a task was not run"),
  taskFailed: exitCode("task_failed", 30, "a task failed"),
  schedulingError: exitCode("scheduling_error", 35, "planning a task failed"),
  unhandledException: exitCode("unhandled_exception", 40, "there is an error that nobody foresaw"),
} satisfies Readonly<Record<string, Setting<never> | Setting<any>>>;

/** Settings by which a command finds a scheduler to ask. */
export const PLACE_SETTINGS = [
  SETTINGS.schedulerUrl,
  SETTINGS.schedulerTokenFile,
  SETTINGS.schedulerCaFile,
] as const;

/**
 * The value in force.
 *
 * @throws UsageError `FLAG_INVALID` or `CONFIG_INVALID` for a text that the setting does not accept
 */
export function settingInForce<T>(setting: Setting<T>): T {
  const entry = configurationInForce().configuration.get(setting.section, setting.key);
  if (entry === undefined) return setting.default;
  const value = typeof entry.value === "string" ? setting.parse(entry.value) : undefined;
  if (value !== undefined) return value;
  const isFlag = entry.origin === COMMAND_LINE;
  const place = isFlag ? `--${setting.flag}` : `[${setting.section}] ${setting.key} in ${entry.origin}`;
  const message = `${place} does not accept ${JSON.stringify(entry.value)}. Give ${setting.expects}.`;
  throw new UsageError(isFlag ? "FLAG_INVALID" : "CONFIG_INVALID", message);
}

/** `--section-key`, Luigi's form of a flag. */
function luigiFlag({ section, key }: Place): string {
  return section === "core" ? key.replaceAll("_", "-") : `${section}-${key}`.replaceAll("_", "-");
}

/** What the flags of these settings say, beside what `sections` has. */
export function settingsLayer(
  { values }: ParsedFlags,
  settings: readonly Setting<unknown>[],
  sections: Record<string, Record<string, string>> = {},
): ConfigLayer {
  for (const setting of settings) {
    const text = values.get(setting.flag) ?? values.get(luigiFlag(setting));
    if (text !== undefined) (sections[setting.section] ??= {})[setting.key] = text;
  }
  return { origin: COMMAND_LINE, syntax: "literal", sections };
}

/** Flags of settings. Luigi's forms are accepted and not shown. */
export function settingFlags(settings: readonly Setting<unknown>[]): Flag[] {
  return settings.flatMap((setting) => {
    const { flag, placeholder } = setting;
    const fallback = setting.default === "" ? "" : ` Default ${String(setting.default)}.`;
    const description = setting.description + fallback;
    // Exit codes are set once, in a file.
    const isHidden = setting.section === "retcode";
    const own: Flag = {
      name: flag,
      description,
      isHidden,
      ...(placeholder !== undefined && { placeholder }),
    };
    const luigi = luigiFlag(setting);
    return luigi === flag ? [own] : [own, { ...own, name: luigi, isHidden: true }];
  });
}
