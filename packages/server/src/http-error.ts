import { SchedulerError } from "@leat/scheduler";
import { SchemaError } from "./schema.ts";

/** A request is refused: the status and the error that its sender gets. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly code: string;
  readonly headers: { readonly [name: string]: string };

  constructor(
    status: number,
    code: string,
    message: string,
    headers: { readonly [name: string]: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  /** What is told about anything thrown while a request was answered. Unforeseen errors keep their message to the log. */
  static from(error: unknown): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof SchedulerError) return new HttpError(400, error.code, error.message);
    if (error instanceof SchemaError) return new HttpError(400, "INVALID_COMMAND", error.message);
    return new HttpError(500, "INTERNAL", "leatd failed to answer this request. Its log says why.");
  }
}
