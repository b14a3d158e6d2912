import { homedir } from "node:os";
import { join } from "node:path";
import { isLoopback } from "./access.ts";
import type { EmailOptions } from "./email-options.ts";
import { ServerError } from "./errors.ts";
import type { StartConfig } from "./recovery.ts";
import type { Tokens } from "./tokens.ts";
import type { Webhook } from "./webhooks.ts";

export interface ServerOptions {
  /** IP address or name of this machine to listen on. Defaults to 127.0.0.1; any that others can reach needs `tokens`. */
  readonly address?: string;
  /** 0 takes a free one. Defaults to 8082. */
  readonly port?: number;
  /** Path of a unix socket to listen on instead of an address and port. */
  readonly socketPath?: string;
  /** Where other machines reach this leatd; those that stand by tell it to whoever asks them. Defaults to its own URL. */
  readonly advertise?: string;
  /**
   * Where state and history are kept: a SQLite file, `:memory:`, or the URL of a PostgreSQL, which several leatd may
   * share: one leads, the others stand by. Defaults to {@link defaultStatePath}.
   */
  readonly statePath?: string;
  /** Who may do what. Without tokens everybody on this machine may do everything. */
  readonly tokens?: Tokens;
  /** Certificate chain and key, as PEM. Without them leatd speaks HTTP. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** Settings of the scheduler. */
  readonly config?: StartConfig;
  /** Largest body of a request. Defaults to 33554432 (32 MiB): about 100,000 tasks. */
  readonly maxBodyBytes?: number;
  /** Requests a second that one address may make. Defaults to 10000. */
  readonly requestsPerSecond?: number;
  /** How long ended attempts are remembered. Defaults to 30 days. */
  readonly historyDays?: number;
  /** Who is told when tasks fail. Defaults to nobody. */
  readonly webhooks?: readonly Webhook[];
  /** Who is mailed when tasks fail. Defaults to nobody. */
  readonly email?: EmailOptions;
  /** Milliseconds since the Unix epoch. Defaults to `Date.now`. */
  readonly clock?: () => number;
  /** Told of errors that no caller can be told of. */
  readonly onError?: (error: unknown) => void;
}

export type FullOptions = Required<
  Omit<ServerOptions, "advertise" | "email" | "socketPath" | "tokens" | "tls">
> &
  Pick<ServerOptions, "advertise" | "email" | "socketPath" | "tokens" | "tls">;

/** `leat/leatd.db` in the folder of the user's state. Throws `OPTION_INVALID` for a user who has no such folder. */
export function defaultStatePath(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_STATE_HOME"] || join(homeFolder(), ".local", "state"), "leat", "leatd.db");
}

/** Services may run as a user that no list of users knows, and without HOME. */
function homeFolder(): string {
  try {
    return homedir();
  } catch (error) {
    const message = "This user has no home folder to keep the state in. Give --state or set LEAT_STATE.";
    throw new ServerError("OPTION_INVALID", message, { cause: error });
  }
}

/** Fills in the defaults. Refuses an address that others can reach when anybody could do anything there. */
export function withDefaults(options: ServerOptions): FullOptions {
  const full: FullOptions = {
    address: "127.0.0.1",
    port: 8082,
    statePath: options.statePath ?? defaultStatePath(),
    config: {},
    maxBodyBytes: 32 * 1024 * 1024,
    requestsPerSecond: 10_000,
    historyDays: 30,
    webhooks: [],
    clock: Date.now,
    onError: () => undefined,
    ...options,
  };
  if (full.socketPath === undefined && full.tokens === undefined && !isLoopback(full.address)) {
    throw new ServerError(
      "OPTION_INVALID",
      `leatd does not listen on ${full.address} without tokens: everybody who reaches it could do everything. ` +
        "Give --token-file or set LEAT_TOKENS, or listen on 127.0.0.1.",
    );
  }
  return full;
}
