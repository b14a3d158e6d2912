import type { Logger } from "@leat/core";

/** From the most to the least that is said. `silent` says nothing. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A logger that may say which lines nobody would see: making one can take longer than a small task. */
export interface RunLogger extends Logger {
  /** Whether lines of this level are seen. Without this method all are. */
  isEnabled?(level: keyof Logger): boolean;
}

/** Writes `LEVEL: message` lines, as Luigi does, for this level and those above. */
export function createLogger(level: LogLevel, write: (line: string) => void): RunLogger {
  const isEnabled = (own: keyof Logger) => LOG_LEVELS.indexOf(own) >= LOG_LEVELS.indexOf(level);
  const at = (own: keyof Logger) => {
    if (!isEnabled(own)) return () => undefined;
    const label = own === "warn" ? "WARNING" : own.toUpperCase();
    return (message: string) => write(`${label}: ${message}\n`);
  };
  return { isEnabled, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
