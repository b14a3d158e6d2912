import { describe, expect, it } from "vitest";
import { Tokens } from "../src/index.ts";
import { openServer } from "./support.ts";

const VIEW = "view-0123456789abcdef";
const WORKER = "worker-0123456789abcdef";
const OPERATE = "operate-0123456789abcdef";

const tokens = () =>
  Tokens.parse(`# who may do what\nview ${VIEW}\nworker ${WORKER}\noperate,view ${OPERATE}\n`, "test");
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("with tokens", () => {
  it.each([
    [VIEW, 200, 403, 403],
    [WORKER, 200, 200, 403],
    [OPERATE, 200, 403, 204],
    ["unknown-0123456789abcdef", 401, 401, 401],
  ])("%s reads: %i, works: %i, operates: %i", async (token, reads, works, operates) => {
    const server = await openServer({ tokens: tokens() });
    const headers = bearer(token);
    expect((await server.get("/api/v1/tasks", headers)).status).toBe(reads);
    expect((await server.post("/api/v1/heartbeat", { worker: "w" }, headers)).status).toBe(works);
    expect((await server.post("/api/v1/setPaused", { paused: true }, headers)).status).toBe(operates);
  });

  it("refuses who shows none, except for health and the description", async () => {
    const server = await openServer({ tokens: tokens() });
    const answer = await server.get("/api/v1/tasks");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect((await server.get("/metrics")).status).toBe(401);
    expect((await server.get("/healthz")).status).toBe(200);
    expect((await server.get("/api/v1/openapi.json")).status).toBe(200);
  });

  it("takes the password of basic credentials as the token", async () => {
    const server = await openServer({ tokens: tokens() });
    const credentials = Buffer.from(`luigi:${WORKER}`).toString("base64");
    expect((await server.get("/api/v1/tasks", { authorization: `Basic ${credentials}` })).status).toBe(200);
  });

  it("says nothing of the token in an error", async () => {
    const server = await openServer({ tokens: tokens() });
    const { body } = await server.get("/api/v1/tasks", bearer("a-secret-that-is-wrong"));
    expect(JSON.stringify(body)).not.toContain("secret");
  });
});

it("refuses pages of other sites", async () => {
  const server = await openServer();
  const post = (headers: { [name: string]: string }) =>
    server.post("/api/v1/setPaused", { paused: true }, headers);
  expect((await post({ origin: "https://evil.example" })).status).toBe(403);
  expect((await post({ origin: "null" })).status).toBe(403);
  expect((await post({ origin: server.url })).status).toBe(204);
});

it("without tokens, does not listen where others can reach it", async () => {
  await expect(openServer({ address: "0.0.0.0" })).rejects.toMatchObject({ code: "OPTION_INVALID" });
});

it.each([
  ["", "it names no token"],
  ["worker", "line 1 is not"],
  ["boss 0123456789abcdef", "line 1 does not begin with roles"],
  ["# fine\nworker tooShort", "the token in line 2 has less than 16 characters"],
])("refuses the tokens %j", (text, message) => {
  expect(() => Tokens.parse(text, "the test")).toThrow(
    expect.objectContaining({ code: "OPTION_INVALID", message: expect.stringContaining(message) }),
  );
});
