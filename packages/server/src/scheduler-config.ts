import type { StartConfig } from "./recovery.ts";
import { ServerError } from "./errors.ts";
import { integer, map, number, object, type Schema, SchemaError } from "./schema.ts";

const schema: Schema<StartConfig> = object(
  {},
  {
    retryCount: integer(1),
    retryDelaySeconds: number(),
    retryBackoff: number(1),
    maxRetryDelaySeconds: number(0),
    disableWindowSeconds: number(0),
    disableHardTimeoutSeconds: number(0),
    disablePersistSeconds: number(0),
    removeDelaySeconds: number(0),
    doneRetentionSeconds: number(0),
    workerTimeoutSeconds: number(1),
    doneCooldownSeconds: number(0),
    messageTtlSeconds: number(0),
    resources: map(integer(0)),
  },
);

/** Reads settings of the scheduler from JSON. `source` names the text in errors. Throws `OPTION_INVALID`. */
export function parseSchedulerConfig(text: string, source: string): StartConfig {
  try {
    const config: unknown = JSON.parse(text);
    schema.check(config, "settings");
    return config as StartConfig;
  } catch (error) {
    if (!(error instanceof SchemaError) && !(error instanceof SyntaxError)) throw error;
    throw new ServerError("OPTION_INVALID", `The settings in ${source} cannot be used: ${error.message}`, {
      cause: error,
    });
  }
}
