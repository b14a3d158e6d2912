import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call } from "./route.ts";

/** A request that has come to its route, and the response to it. */
export interface CallParts extends Omit<Call, "signal"> {
  readonly response: ServerResponse;
}

/** A call that is under way. Most never ask for its signal, which costs more than the rest of it: it is made when one does. */
export class OpenCall implements Call {
  readonly request: IncomingMessage;
  readonly path: Call["path"];
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly #response: ServerResponse;
  readonly #stopping: AbortSignal;
  #controller: AbortController | undefined;
  readonly #leave = () => this.#controller?.abort();

  /** @param stopping aborted when leatd stops */
  constructor({ request, response, path, query, body }: CallParts, stopping: AbortSignal) {
    this.request = request;
    this.path = path;
    this.query = query;
    this.body = body;
    this.#response = response;
    this.#stopping = stopping;
  }

  get signal(): AbortSignal {
    return (this.#controller ?? this.#open()).signal;
  }

  /** The signal says nothing any more. */
  end(): void {
    if (this.#controller === undefined) return;
    this.#response.off("close", this.#leave);
    this.#stopping.removeEventListener("abort", this.#leave);
  }

  #open(): AbortController {
    this.#controller = new AbortController();
    if (this.#stopping.aborted || this.#response.destroyed) this.#leave();
    this.#response.on("close", this.#leave);
    this.#stopping.addEventListener("abort", this.#leave);
    return this.#controller;
  }
}
