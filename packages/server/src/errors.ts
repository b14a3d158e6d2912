/**
 * - `ADDRESS_UNAVAILABLE`: leatd cannot listen there: the port is taken, forbidden, or the address is not of this machine.
 * - `EMAIL_FAILED`: a mail server did not take a message; it is lost.
 * - `OPTION_INVALID`: a setting or a flag has a value that means nothing, or two contradict one another.
 * - `STATE_DAMAGED`: what the state file holds cannot be right; nothing was changed.
 * - `STATE_FAILED`: the state file could not be written while leatd ran: it stops.
 * - `STATE_LOCKED`: another leatd uses the state file.
 * - `STATE_LOST`: another leatd leads now, or the connection to the state was lost: it stops.
 * - `STATE_TOO_NEW`: a later version of leatd wrote the state file.
 * - `STATE_UNUSABLE`: the state file cannot be opened or created.
 * - `WEBHOOK_FAILED`: a webhook did not take its notices; they are lost.
 */
export type ServerErrorCode =
  | "ADDRESS_UNAVAILABLE"
  | "EMAIL_FAILED"
  | "OPTION_INVALID"
  | "STATE_DAMAGED"
  | "STATE_FAILED"
  | "STATE_LOCKED"
  | "STATE_LOST"
  | "STATE_TOO_NEW"
  | "STATE_UNUSABLE"
  | "WEBHOOK_FAILED";

/** leatd cannot start, cannot go on, or could not do what nobody waits for. Match on `code`: messages may change. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
