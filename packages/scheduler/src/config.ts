import type { SchedulerConfig } from "./api.ts";

const DEFAULTS: SchedulerConfig = {
  retryCount: 3,
  retryDelaySeconds: 900,
  retryBackoff: 2,
  maxRetryDelaySeconds: 3600,
  disableWindowSeconds: 86_400,
  disableHardTimeoutSeconds: 999_999_999,
  disablePersistSeconds: 86_400,
  removeDelaySeconds: 600,
  doneRetentionSeconds: 86_400,
  workerTimeoutSeconds: 60,
  doneCooldownSeconds: 10,
  messageTtlSeconds: 3600,
  resources: {},
  epoch: "1",
};

export function withDefaults(config: Partial<SchedulerConfig>): SchedulerConfig {
  return { ...DEFAULTS, ...config };
}
