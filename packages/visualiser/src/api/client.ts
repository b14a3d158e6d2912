/** leatd refused a request, or could not be reached. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** 0: leatd could not be reached. */
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Sender {
  /** Sent as bearer token; `undefined` for none. */
  readonly token: () => string | undefined;
  /** Told when leatd does not accept the token. */
  readonly onUnauthorized: () => void;
}

/** Values of a query; those that are `undefined` are left out, lists are repeated. */
export type QueryValues = {
  readonly [name: string]: string | number | boolean | readonly string[] | undefined;
};

/** Talks to the API of the leatd that served this page. */
export class Client {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  async get<T>(path: string, query: QueryValues = {}, signal?: AbortSignal): Promise<T> {
    const response = await this.open(path, query, signal);
    return (await response.json()) as T;
  }

  /** The answer as it arrives, for what is long or never ends. */
  open(
    path: string,
    query: QueryValues = {},
    signal?: AbortSignal,
    headers: { readonly [name: string]: string } = {},
  ): Promise<Response> {
    return this.#send(`${path}${toQuery(query)}`, { headers, ...(signal === undefined ? {} : { signal }) });
  }

  async post<T>(path: string, body: object): Promise<T> {
    const response = await this.#send(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #send(
    path: string,
    init: RequestInit & { headers: { readonly [name: string]: string } },
  ): Promise<Response> {
    const token = this.#sender.token();
    const headers =
      token === undefined
        ? init.headers
        : Object.assign({}, init.headers, { authorization: `Bearer ${token}` });
    const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), { ...init, headers }).catch(
      unreachable,
    );
    if (response.ok) return response;
    if (response.status === 401) this.#sender.onUnauthorized();
    throw await refusal(response);
  }
}

function unreachable(error: unknown): never {
  if ((error as Error).name === "AbortError") throw error;
  throw new ApiError(0, "UNREACHABLE", "leatd does not answer. The page tries again by itself.");
}

async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => undefined)) as
    | { readonly error?: { readonly code: string; readonly message: string } }
    | undefined;
  const { code = "REFUSED", message = `leatd answered with status ${response.status}.` } = body?.error ?? {};
  return new ApiError(response.status, code, message);
}

function toQuery(values: QueryValues): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    for (const item of typeof value === "object" ? value : [value]) query.append(name, String(item));
  }
  return query.size === 0 ? "" : `?${query.toString()}`;
}
