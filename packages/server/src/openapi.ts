import type { QueryParameter, Route } from "./route.ts";

const ERROR = {
  description: "The request was refused; nothing changed.",
  content: {
    "application/json": {
      schema: {
        type: "object",
        required: ["error"],
        properties: {
          error: {
            type: "object",
            required: ["code", "message"],
            properties: { code: { type: "string" }, message: { type: "string" } },
          },
        },
      },
    },
  },
};

/** The OpenAPI 3.1 document of the routes. */
export function openApi(routes: readonly Route[], version: string): object {
  const shown = routes.filter(({ isHidden }) => isHidden !== true);
  return {
    openapi: "3.1.0",
    info: { title: "leatd", version, description: "The shared scheduler of Leat." },
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths: Object.fromEntries(
      shown.map((route) => [route.path, { [route.method.toLowerCase()]: operation(route) }]),
    ),
  };
}

function operation({ path, method, summary, role, query = [], body }: Route): object {
  return {
    operationId: `${method.toLowerCase()} ${path}`,
    summary,
    ...(role === null ? { security: [] } : { security: [{ token: [] }], "x-role": role }),
    parameters: [...pathParameters(path), ...query.map(queryParameter)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body.json } } } }),
    responses: { "200": { description: "The reply." }, "204": { description: "Done." }, default: ERROR },
  };
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameter({ name, description, schema, repeated }: QueryParameter): object {
  return {
    name,
    in: "query",
    description,
    schema: repeated === true ? { type: "array", items: schema.json } : schema.json,
  };
}
