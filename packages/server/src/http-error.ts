import { SchedulerError } from "@leat/scheduler";
import { SchemaError } from "./schema.ts";

/** A request is refused: the status and the error that its sender gets. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly code: string;
  readonly headers: { readonly [name: string]: string };
  /** More members of the error that is sent. */
  readonly details: { readonly [name: string]: unknown };

  constructor(
    status: number,
    code: string,
    message: string,
    headers: { readonly [name: string]: string } = {},
    details: { readonly [name: string]: unknown } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.details = details;
  }

  /** What is told about anything thrown while a request was answered. Unforeseen errors keep their message to the log. */
  static from(error: unknown): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof SchedulerError) return new HttpError(400, error.code, error.message);
    if (error instanceof SchemaError) return new HttpError(400, "INVALID_COMMAND", error.message);
    return new HttpError(500, "INTERNAL", "leatd failed to answer this request. Its log says why.");
  }
}
