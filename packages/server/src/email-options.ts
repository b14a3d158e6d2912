import { hostname } from "node:os";
import type { DigestOptions } from "./email-digest.ts";
import { ServerError } from "./errors.ts";
import { flag, integer, list, number, object, oneOf, type Schema, SchemaError, text } from "./schema.ts";

/** Who is mailed about failures, and how. Only `smtp` has to be given. */
export interface EmailOptions {
  /** `smtp://user:password@host:587` (STARTTLS when offered) or `smtps://…`. It may hold a secret: it is never shown. */
  readonly smtp: string;
  /** Refuse to send over a connection that is not encrypted. Defaults to true when the URL has a password. */
  readonly requireTls?: boolean;
  /** Get all messages. Defaults to nobody: then only owners of tasks are mailed. */
  readonly receivers?: readonly string[];
  /** Defaults to `leatd@` and the name of this machine. */
  readonly sender?: string;
  /** Stands before each subject. */
  readonly prefix?: string;
  /** `html` sends both. Defaults to plain. */
  readonly format?: "plain" | "html";
  /** What goes wrong within this time is told in one message. Defaults to 60. */
  readonly intervalMinutes?: number;
  /** As in {@link DigestOptions}. Defaults to unbatchedParams. */
  readonly batchMode?: DigestOptions["batchMode"];
  /** Defaults to 20. */
  readonly errorLines?: number;
  /** Defaults to 1. */
  readonly errorMessages?: number;
  /** Defaults to true. */
  readonly groupByErrorMessages?: boolean;
}

export type FullEmailOptions = Required<EmailOptions>;

const schema: Schema<EmailOptions> = object(
  { smtp: text() },
  {
    requireTls: flag(),
    receivers: list(text()),
    sender: text(),
    prefix: text(),
    format: oneOf("plain", "html"),
    intervalMinutes: number(0),
    batchMode: oneOf("family", "all", "unbatchedParams"),
    errorLines: integer(0),
    errorMessages: integer(0),
    groupByErrorMessages: flag(),
  },
);

/** Reads the settings from JSON. `source` names the text in errors, which show none of it. Throws `OPTION_INVALID`. */
export function parseEmailOptions(json: string, source: string): EmailOptions {
  try {
    const options = JSON.parse(json) as EmailOptions;
    schema.check(options, "email");
    if (!/^smtps?:/.test(options.smtp) || !URL.canParse(options.smtp)) {
      throw new SchemaError("email.smtp is no URL that begins with smtp: or smtps:.");
    }
    return options;
  } catch (error) {
    const what = error instanceof SchemaError ? error.message : "they are not JSON.";
    throw new ServerError("OPTION_INVALID", `The e-mail settings in ${source} cannot be used: ${what}`);
  }
}

export function withEmailDefaults(options: EmailOptions): FullEmailOptions {
  return {
    requireTls: new URL(options.smtp).password !== "",
    receivers: [],
    sender: `leatd@${hostname()}`,
    prefix: "",
    format: "plain",
    intervalMinutes: 60,
    batchMode: "unbatchedParams",
    errorLines: 20,
    errorMessages: 1,
    groupByErrorMessages: true,
    ...options,
  };
}
