import { readFileSync } from "node:fs";
import { parseEmailOptions } from "./email-options.ts";
import { ServerError } from "./errors.ts";
import { parseSchedulerConfig } from "./scheduler-config.ts";
import type { ServerOptions } from "./server-options.ts";
import { Tokens } from "./tokens.ts";
import { parseWebhooks } from "./webhooks.ts";

/** One `--name`. A flag without a placeholder takes no value. */
interface Flag {
  readonly name: string;
  readonly placeholder?: string;
  readonly description: string;
}

export const FLAGS: readonly Flag[] = [
  {
    name: "address",
    placeholder: "ADDRESS",
    description: "Where to listen. Any but this machine's own needs tokens. Default 127.0.0.1",
  },
  { name: "port", placeholder: "N", description: "0 takes a free one. Default 8082" },
  { name: "unix-socket", placeholder: "PATH", description: "Listen on a unix socket instead" },
  {
    name: "advertise",
    placeholder: "URL",
    description: "Where others reach this leatd, told by those that stand by",
  },
  {
    name: "state",
    placeholder: "PLACE",
    description: "SQLite file or postgres:// URL. Default leat/leatd.db in $XDG_STATE_HOME or ~/.local/state",
  },
  {
    name: "token-file",
    placeholder: "PATH",
    description: "Tokens, one a line: ROLES TOKEN. Roles: view, operate, worker",
  },
  { name: "tls-cert", placeholder: "PATH", description: "Certificate chain as PEM: serve HTTPS" },
  { name: "tls-key", placeholder: "PATH", description: "Its key as PEM" },
  { name: "config", placeholder: "PATH", description: "Settings of the scheduler, as a JSON object" },
  { name: "webhooks", placeholder: "PATH", description: "Whom to tell of failures, as a JSON list" },
  { name: "email", placeholder: "PATH", description: "Whom to mail about failures, as a JSON object" },
  { name: "max-body-mib", placeholder: "N", description: "Largest request in MiB. Default 32" },
  {
    name: "requests-per-second",
    placeholder: "N",
    description: "Most requests of one address. Default 10000",
  },
  {
    name: "history-days",
    placeholder: "N",
    description: "How long ended attempts are remembered. Default 30",
  },
  { name: "version", description: "Print the version" },
  { name: "help", description: "Print this" },
];

export function helpText(): string {
  const lines = FLAGS.map(({ name, placeholder, description }) => {
    const flag = placeholder === undefined ? `--${name}` : `--${name} ${placeholder}`;
    return `  ${flag.padEnd(28)}${description}`;
  });
  return `leatd: the scheduler that workers on many machines share\n\nUsage: leatd [flags]\n\n${lines.join("\n")}\n
Environment:
  LEAT_TOKENS                 As a token file, instead of --token-file
  LEAT_STATE                  As --state: a URL with a password does not belong on a command line
`;
}

type Values = { readonly [name: string]: string | boolean | undefined };

/** What the flags and the environment say. Throws `OPTION_INVALID`. */
export function optionsFrom(values: Values, env: NodeJS.ProcessEnv): ServerOptions {
  const text = (name: string) => values[name] as string | undefined;
  const tls = tlsFrom(text("tls-cert"), text("tls-key"));
  const tokens = tokensFrom(text("token-file"), env["LEAT_TOKENS"]);
  const maxBodyMib = integerFlag(values, "max-body-mib", 1, 1024);
  return withoutUndefined({
    address: text("address"),
    port: integerFlag(values, "port", 0, 65_535),
    socketPath: text("unix-socket"),
    advertise: text("advertise"),
    statePath: text("state") ?? env["LEAT_STATE"],
    tokens,
    tls,
    config: jsonFlag("config", text("config"), parseSchedulerConfig),
    webhooks: jsonFlag("webhooks", text("webhooks"), parseWebhooks),
    email: jsonFlag("email", text("email"), parseEmailOptions),
    maxBodyBytes: maxBodyMib === undefined ? undefined : maxBodyMib * 1024 * 1024,
    requestsPerSecond: integerFlag(values, "requests-per-second", 1, 10_000_000),
    historyDays: integerFlag(values, "history-days", 0, 36_500),
  });
}

function withoutUndefined(
  options: { [Name in keyof ServerOptions]?: ServerOptions[Name] | undefined },
): ServerOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function integerFlag(values: Values, name: string, least: number, most: number): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,9}$/.test(String(text)) && value >= least && value <= most) return value;
  throw invalid(`--${name} does not accept "${text}". Give a whole number from ${least} to ${most}.`);
}

function tlsFrom(cert: string | undefined, key: string | undefined): ServerOptions["tls"] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw invalid("Give both --tls-cert and --tls-key, or none.");
  return { cert: readFlagFile("tls-cert", cert), key: readFlagFile("tls-key", key) };
}

function tokensFrom(path: string | undefined, environment: string | undefined): Tokens | undefined {
  if (path !== undefined) return Tokens.read(path);
  return environment === undefined ? undefined : Tokens.parse(environment, "LEAT_TOKENS");
}

function readFlagFile(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw invalid(`The file that --${name} names cannot be read: ${(error as Error).message}`);
  }
}

function invalid(message: string): ServerError {
  return new ServerError("OPTION_INVALID", message);
}

function jsonFlag<T>(
  name: string,
  path: string | undefined,
  parse: (text: string, source: string) => T,
): T | undefined {
  return path === undefined ? undefined : parse(readFlagFile(name, path).toString("utf8"), `"${path}"`);
}
