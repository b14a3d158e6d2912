import type { Logger } from "@leat/core";

/** From the most to the least that is said. `silent` says nothing. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Writes `LEVEL: message` lines, as Luigi does, for this level and those above. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  const at = (own: keyof Logger) => {
    if (LOG_LEVELS.indexOf(own) < LOG_LEVELS.indexOf(level)) return () => undefined;
    const label = own === "warn" ? "WARNING" : own.toUpperCase();
    return (message: string) => write(`${label}: ${message}\n`);
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
