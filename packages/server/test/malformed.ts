import type { Fuzz, JsonSchema, Operation } from "./request-fuzz.ts";

/** A request that has one thing wrong with it, and the status with which it is to be refused. */
export interface Malformed {
  readonly what: string;
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Buffer;
  readonly status: number;
}

export interface Senders {
  /** May do everything. */
  readonly everything: string;
  /** May only read. */
  readonly view: string;
}

export const MAX_BODY_BYTES = 100_000;

const JSON_TYPE = { "content-type": "application/json" };

/** Makes malformed requests out of the operations of an OpenAPI document. */
export class MalformedRequests {
  readonly #fuzz: Fuzz;
  readonly #operations: readonly Operation[];
  readonly #senders: Senders;

  constructor(fuzz: Fuzz, operations: readonly Operation[], senders: Senders) {
    this.#fuzz = fuzz;
    this.#operations = operations;
    this.#senders = senders;
  }

  next(): Malformed {
    const kinds = [
      () => this.#body(),
      () => this.#body(),
      () => this.#body(),
      () => this.#text(),
      () => this.#query(),
      () => this.#sender(),
      () => this.#path(),
      () => this.#method(),
    ];
    return this.#fuzz.pick(kinds)();
  }

  #call(what: string, operation: Operation, status: number, changes: Partial<Malformed> = {}): Malformed {
    const { method, path, body } = operation;
    const authorization = `Bearer ${this.#senders.everything}`;
    return {
      what,
      method,
      url: path.replaceAll(/\{\w+\}/g, "A"),
      headers: { authorization, ...(body === undefined ? {} : JSON_TYPE) },
      ...(body === undefined ? {} : { body: JSON.stringify(this.#fuzz.valid(body)) }),
      status,
      ...changes,
    };
  }

  /** A body of JSON that the schema does not allow, in one place. */
  #body(): Malformed {
    const operation = this.#withBody();
    const body = JSON.stringify(spoil(this.#fuzz, operation.body, this.#fuzz.valid(operation.body)));
    return this.#call("a wrong body", operation, 400, { body });
  }

  /** A body that is no JSON, of another type, or too long. */
  #text(): Malformed {
    const operation = this.#withBody();
    const whole = JSON.stringify(this.#fuzz.valid(operation.body));
    const authorization = `Bearer ${this.#senders.everything}`;
    return this.#fuzz.pick([
      () => this.#call("half a body", operation, 400, { body: whole.slice(0, -1) }),
      () => this.#call("no body", operation, 400, { body: "" }),
      () => this.#call("bytes", operation, 400, { body: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }),
      () => this.#call("deep", operation, 400, { body: "[".repeat(20_000) }),
      () => this.#call("long", operation, 413, { body: whole.padEnd(MAX_BODY_BYTES + 1) }),
      () =>
        this.#call("a form", operation, 415, { headers: { authorization, "content-type": "text/plain" } }),
    ])();
  }

  #query(): Malformed {
    const operation = this.#fuzz.pick(this.#operations.filter(({ parameters }) => hasQuery(parameters)));
    const strict = operation.parameters.filter(({ schema }) => isStrict(schema));
    const [name, value] = this.#fuzz.pick([["nonsense", "1"], ...strict.map(({ name }) => [name, "1 or 2"])]);
    const call = this.#call("a wrong query", operation, 400);
    return { ...call, url: `${call.url}?${new URLSearchParams({ [name as string]: value as string })}` };
  }

  #sender(): Malformed {
    const guarded = this.#operations.filter(({ role }) => role !== undefined);
    const operation = this.#fuzz.pick(guarded);
    const changing = this.#fuzz.pick(guarded.filter(({ role }) => role !== "view"));
    const authorization = `Bearer ${this.#senders.everything}`;
    const headers = (more: object) => ({ ...JSON_TYPE, ...more });
    return this.#fuzz.pick([
      () => this.#call("no token", operation, 401, { headers: headers({}) }),
      () => this.#call("a wrong token", operation, 401, { headers: headers({ authorization: "Bearer x" }) }),
      () => {
        const view = { authorization: `Bearer ${this.#senders.view}` };
        return this.#call("a wrong role", changing, 403, { headers: headers(view) });
      },
      () => {
        const origin = "https://evil.example";
        return this.#call("a foreign page", operation, 403, { headers: headers({ authorization, origin }) });
      },
    ])();
  }

  #path(): Malformed {
    const operation = this.#fuzz.pick(this.#operations);
    const call = this.#call("a path trick", operation, 404);
    const { url } = call;
    const tricks: readonly [url: string, status: number][] = [
      [`${url}/../../../../etc/passwd`, 404],
      [`${url}/%2e%2e/%2e%2e/package.json`, 404],
      [`/..%2f..%2fpackage.json${url}`, 404],
      [`/${url}`, 404],
      [`${url}/`, 404],
      [url.replace("/api/v1", "/api/V1/."), 404],
      ["/api/v1/tasks/%ff%zz", 400],
      ["/api/v1/attempts/%/log", 400],
    ];
    const [trick, status] = this.#fuzz.pick(tricks.filter(([changed]) => changed !== url));
    const isRead = status === 400;
    const { body: _body, ...rest } = call;
    return isRead ? { ...rest, method: "GET", url: trick, status } : { ...call, url: trick, status };
  }

  #method(): Malformed {
    const method = this.#fuzz.pick(["PUT", "DELETE", "PATCH"]);
    return this.#call("another method", this.#fuzz.pick(this.#operations), 405, { method });
  }

  #withBody(): Operation {
    return this.#fuzz.pick(this.#operations.filter(({ body }) => body !== undefined));
  }
}

function hasQuery(parameters: Operation["parameters"]): boolean {
  return parameters.some((parameter) => parameter.in === "query");
}

/** Whether some texts are no value of it. */
function isStrict({ type, enum: values }: JsonSchema): boolean {
  return type === "integer" || type === "boolean" || values !== undefined;
}

/** The value with something in it that the schema does not allow. */
function spoil(fuzz: Fuzz, schema: JsonSchema, value: any): unknown {
  const ways = [() => wrongFor(schema), ...deeper(fuzz, schema, value)];
  return fuzz.pick(ways.length > 1 ? ways.slice(1) : ways)();
}

function deeper(fuzz: Fuzz, schema: JsonSchema, value: any): (() => unknown)[] {
  if (schema.type === "array") {
    if (value.length === 0) return [];
    return [() => [spoil(fuzz, schema.items, value[0]), ...value.slice(1)]];
  }
  if (schema.type !== "object") return [];
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(value).filter((name) => properties[name] !== undefined);
  const inside = names.map((name) => () => ({
    ...value,
    [name]: spoil(fuzz, properties[name], value[name]),
  }));
  const without = required.map((name: string) => () => {
    const { [name]: _gone, ...rest } = value;
    return rest;
  });
  if (additionalProperties === false) return [...inside, ...without, () => ({ ...value, nonsense: 1 })];
  return [...inside, ...without, () => ({ ...value, wrong: wrongFor(additionalProperties) })];
}

/** No schema of a single value allows an object, and none of several a number. */
function wrongFor({ type }: JsonSchema): unknown {
  return type === "object" || type === "array" ? 7 : {};
}
