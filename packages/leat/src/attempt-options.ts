import type { AssistOptions } from "@leat/worker";
import { settingInForce, SETTINGS } from "./settings.ts";

type AttemptOptions = Pick<
  AssistOptions,
  "timeoutSeconds" | "retryExternalSeconds" | "checkRequirements" | "maxReschedules"
>;

/** What flags and configuration say of attempts, and of what has to be there before them. */
export function attemptOptions(): AttemptOptions {
  const timeoutSeconds = settingInForce(SETTINGS.timeout);
  const retryExternalSeconds = settingInForce(SETTINGS.externalDelay);
  return {
    checkRequirements: settingInForce(SETTINGS.checkRequirements),
    maxReschedules: settingInForce(SETTINGS.maxReschedules),
    ...(timeoutSeconds > 0 && { timeoutSeconds }),
    ...(settingInForce(SETTINGS.retryExternal) && { retryExternalSeconds }),
  };
}
