import type { TestServer } from "./support.ts";

/** As the OpenAPI document has it. */
export type JsonSchema = any;

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly body: JsonSchema;
  /** What the sender has to be allowed to do; absent: everybody may. */
  readonly role?: string;
}

export async function operationsOf(server: TestServer): Promise<Operation[]> {
  const { body: document } = await server.get("/api/v1/openapi.json");
  return Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).map(([method, { parameters, requestBody, "x-role": role }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content["application/json"].schema,
      role,
    })),
  );
}

/** Makes values that a schema accepts, and now and then one that it may not. */
export class Fuzz {
  readonly #random: () => number;
  /** Part of the values that are nonsense. */
  readonly #nonsense: number;

  constructor(random: () => number, nonsense: number) {
    this.#random = random;
    this.#nonsense = nonsense;
  }

  pick<T>(values: readonly T[]): T {
    const index = Math.floor(this.#random() * values.length);
    const [value] = values.slice(index, index + 1) as [T];
    return value;
  }

  text(): string {
    return this.pick([
      "A",
      "B",
      "w",
      "",
      "ü😀",
      "../..",
      "%00",
      "__proto__",
      "constructor",
      "x".repeat(3000),
      "a b\n\r\0",
    ]);
  }

  value(schema: JsonSchema): unknown {
    return this.#random() < this.#nonsense ? this.pick(NONSENSE) : this.valid(schema);
  }

  valid(schema: JsonSchema): unknown {
    if (schema.enum !== undefined) return this.pick(schema.enum);
    if (schema.anyOf !== undefined) return this.value(this.pick(schema.anyOf));
    const type = Array.isArray(schema.type) ? this.pick(schema.type) : schema.type;
    if (type === "object") return this.#object(schema);
    if (type === "array")
      return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.value(schema.items));
    if (type === "string") return this.text();
    if (type === "boolean") return this.#random() < 0.5;
    if (type === "null") return null;
    return this.pick([0, 1, 2, 3, 100, schema.minimum ?? -5, 0.5, 1e9]);
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema): object {
    const names = Object.keys(properties).filter((name) => required.includes(name) || this.#random() < 0.4);
    const entries = names.map((name) => [name, this.value(properties[name])]);
    if (typeof additionalProperties === "object")
      entries.push([this.text(), this.value(additionalProperties)]);
    if (this.#random() < this.#nonsense / 2) entries.push([this.text(), 1]);
    return Object.fromEntries(entries as [string, unknown][]);
  }
}

const NONSENSE: readonly unknown[] = [
  null,
  -1,
  1e308,
  "",
  "0",
  [],
  {},
  [[[]]],
  true,
  Number.MAX_SAFE_INTEGER,
];

export function urlOf({ path, parameters }: Operation, fuzz: Fuzz): string {
  const members = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(fuzz.text()));
  const query = new URLSearchParams();
  for (const { name, in: place, schema } of parameters) {
    if (place === "query" && fuzz.pick([true, false])) query.append(name, textOf(fuzz.value(schema)));
  }
  return `${members}?${query}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
