import { readFileSync } from "node:fs";
import { UsageError } from "@leat/core";
import type { SharedSchedulerOptions } from "@leat/worker";
import { settingInForce, SETTINGS } from "./settings.ts";

/** How to work with the shared scheduler that flags and configuration name; `undefined` when they name none. */
export function schedulerInForce(env: NodeJS.ProcessEnv = process.env): SharedSchedulerOptions | undefined {
  const urls = settingInForce(SETTINGS.schedulerUrl);
  if (urls === "") return undefined;
  const worker = settingInForce(SETTINGS.workerId);
  const maxIdleSeconds = settingInForce(SETTINGS.maxIdle);
  return {
    url: urls.split(",").map((url) => url.trim()),
    connectSeconds: settingInForce(SETTINGS.connectTimeout),
    reconnectSeconds: settingInForce(SETTINGS.reconnectTimeout),
    heartbeatSeconds: settingInForce(SETTINGS.heartbeat),
    keepAlive: settingInForce(SETTINGS.keepAlive),
    countUniques: settingInForce(SETTINGS.countUniques),
    countLastScheduled: settingInForce(SETTINGS.countLastScheduled),
    ...(worker !== "" && { worker }),
    ...(maxIdleSeconds > 0 && { maxIdleSeconds }),
    ...credentials(env),
  };
}

/** Never from a flag: command lines are for all to see. @throws UsageError `FLAG_INVALID` for a file that cannot be read */
function credentials(env: NodeJS.ProcessEnv): { readonly token?: string; readonly ca?: string } {
  const [tokenFile, caFile] = [SETTINGS.schedulerTokenFile, SETTINGS.schedulerCaFile].map(settingInForce);
  const token = tokenFile ? readNamed("token-file", tokenFile).trim() : env["LEAT_TOKEN"];
  if (token === "") {
    throw new UsageError("FLAG_INVALID", "The token for the scheduler is empty. Give one, or none at all.");
  }
  return { ...(token !== undefined && { token }), ...(caFile && { ca: readNamed("ca-file", caFile) }) };
}

function readNamed(flag: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const message = `--${flag} names a file that cannot be read: ${(cause as Error).message}. Give another path.`;
    throw new UsageError("FLAG_INVALID", message, { cause });
  }
}
