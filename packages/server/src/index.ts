export type { Answers } from "./answers.ts";
export type { EmailOptions } from "./email-options.ts";
export { ServerError, type ServerErrorCode } from "./errors.ts";
export type { FinishedAttempt } from "./journal.ts";
export { main as runLeatd } from "./main.ts";
export { type RunningServer, startServer } from "./server.ts";
export { defaultStatePath, type ServerOptions } from "./server-options.ts";
export { type Role, Tokens } from "./tokens.ts";
export type { Notice, Webhook } from "./webhooks.ts";
