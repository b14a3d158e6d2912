import { expect, it } from "vitest";
import { openServer, randomOf, request, seedOf, type TestServer } from "./support.ts";

type JsonSchema = any;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly body: JsonSchema;
}

async function operationsOf(server: TestServer): Promise<Operation[]> {
  const { body: document } = await server.get("/api/v1/openapi.json");
  return Object.entries<any>(document.paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).map(([method, { parameters, requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content["application/json"].schema,
    })),
  );
}

/** Makes values that a schema accepts, and now and then one that it may not. */
class Fuzz {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
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
    return this.#random() < 0.08 ? this.pick(NONSENSE) : this.#valid(schema);
  }

  #valid(schema: JsonSchema): unknown {
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
    if (this.#random() < 0.03) entries.push([this.text(), 1]);
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

function urlOf({ path, parameters }: Operation, fuzz: Fuzz): string {
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

it("describes every command and view, and the document can be read without a token", async () => {
  const operations = await operationsOf(await openServer());
  const paths = operations.map(({ method, path }) => `${method} ${path}`);
  expect(paths).toContain("POST /api/v1/addTasks");
  expect(paths).toContain("POST /api/v1/takeResponse");
  expect(paths).toContain("GET /api/v1/tasks/{taskId}/graph");
  expect(paths).not.toContain("POST /api/add_task");
});

it("answers 3000 requests made up from the document without failing, and goes on serving", async () => {
  const fuzz = new Fuzz(randomOf(seedOf()));
  const failures: unknown[] = [];
  const server = await openServer({ onError: (error) => failures.push(error), maxBodyBytes: 100_000 });
  const operations = (await operationsOf(server)).filter(({ path }) => path !== "/api/v1/events");
  const statuses = new Map<number, number>();
  for (let n = 0; n < 3000; n++) {
    const operation = fuzz.pick(operations);
    const body = operation.body === undefined ? {} : { body: JSON.stringify(fuzz.value(operation.body)) };
    const { status } = await request(server.url + urlOf(operation, fuzz), {
      method: operation.method,
      ...body,
    });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(failures).toEqual([]);
  expect([...statuses.keys()].filter((status) => ![200, 204, 400, 404].includes(status))).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(100);
  expect(statuses.get(400)).toBeGreaterThan(100);
  await server.command("addTasks", { worker: "last", tasks: [{ taskId: "Last" }] });
  expect((await server.get("/api/v1/tasks/Last")).body.status).toBe("PENDING");
}, 120_000);
