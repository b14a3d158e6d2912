import { hostname } from "node:os";
import { randomBytes } from "node:crypto";
import { UsageError } from "@leat/core";

/** How a run works together with others, over the scheduler that they share. */
export interface SharedSchedulerOptions {
  /** Where leatd answers: `http://host:8082`, `https://…`, `http+unix://` with the encoded path. Several: it and its standbys. */
  readonly url: string | readonly string[];
  /** Sent as bearer token. Default none. */
  readonly token?: string;
  /** Certificates of authorities to trust instead of those that Node trusts, as PEM. */
  readonly ca?: string;
  /** Names this worker, unlike any other that works at the same time. Default: made of host, process and chance. */
  readonly worker?: string;
  /** Stay while some own task is pending, whatever it waits for. Default false: stay while others run an own task. */
  readonly keepAlive?: boolean;
  /** With `keepAlive`: stay only for pending tasks that no other worker can run. Default false. */
  readonly countUniques?: boolean;
  /** With `keepAlive`: stay only for pending tasks that this worker was the last to register. Default false. */
  readonly countLastScheduled?: boolean;
  /** With `keepAlive`: leave after this long without anything to run. Default: no limit. */
  readonly maxIdleSeconds?: number;
  /** How long one request for work waits at the scheduler, which may cut it. Default 20. */
  readonly waitSeconds?: number;
  /** Time between two signs of life. Several must fit into the scheduler's `workerTimeoutSeconds`. Default 5. */
  readonly heartbeatSeconds?: number;
  /** How long the scheduler is waited for before anything begins. Default 30. */
  readonly connectSeconds?: number;
  /** How long it is waited for when it goes away during the run. Default 300. */
  readonly reconnectSeconds?: number;
}

export type SharedOptions = Omit<Required<SharedSchedulerOptions>, "url" | "token" | "ca"> & {
  readonly urls: readonly string[];
  readonly token: string | undefined;
  readonly ca: string | undefined;
};

const DEFAULTS = {
  token: undefined,
  ca: undefined,
  keepAlive: false,
  countUniques: false,
  countLastScheduled: false,
  maxIdleSeconds: Infinity,
  waitSeconds: 20,
  heartbeatSeconds: 5,
  connectSeconds: 30,
  reconnectSeconds: 300,
};

/** Fills defaults. @throws UsageError `OPTION_INVALID` */
export function sharedOptions(given: string | SharedSchedulerOptions): SharedOptions {
  const { url, ...rest } = typeof given === "string" ? { url: given } : given;
  const urls = typeof url === "string" ? [url] : url;
  if (urls.length === 0) throw invalid("url", "no URL", "at least one, like http://host:8082");
  const options = { ...DEFAULTS, worker: workerName(), ...rest, urls };
  if (options.worker === "") throw invalid("worker", "empty", "a name");
  for (const name of DURATIONS) {
    if (!(options[name] >= 0)) throw invalid(name, String(options[name]), "a number of seconds");
  }
  if (options.heartbeatSeconds === 0) throw invalid("heartbeatSeconds", "0", "a number above 0");
  return options;
}

const DURATIONS = [
  "maxIdleSeconds",
  "waitSeconds",
  "heartbeatSeconds",
  "connectSeconds",
  "reconnectSeconds",
] as const;

function workerName(): string {
  return `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
}

function invalid(name: string, value: string, cure: string): UsageError {
  return new UsageError("OPTION_INVALID", `The option scheduler.${name} is ${value}. Give ${cure}.`);
}
