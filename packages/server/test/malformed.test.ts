import { Agent, request as requestHttp } from "node:http";
import { randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { expect, it, onTestFinished } from "vitest";
import { Tokens } from "../src/index.ts";
import { type Malformed, MalformedRequests, MAX_BODY_BYTES } from "./malformed.ts";
import { Fuzz, operationsOf } from "./request-fuzz.ts";
import { openServer, type TestServer } from "./support.ts";

const REQUESTS = 10_000;
const AT_A_TIME = 8;

const everything = "everything-0123456789abcdef";
const view = "view-0123456789abcdef";

/** Sends the path as it is: `fetch` would tidy it up. */
function statusOf(
  agent: Agent,
  server: TestServer,
  { what, method, url, headers, body }: Malformed,
): Promise<number> {
  const { hostname, port } = new URL(server.url);
  // With some methods Node itself would send a body without its length.
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const call = requestHttp(
      { agent, hostname, port, method, path: url, headers: { ...headers, ...length } },
      (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    call.on("error", (error) =>
      reject(new Error(`${what} ${method} ${url}: ${error.message}`, { cause: error })),
    );
    call.end(body);
  });
}

it(`refuses ${REQUESTS} malformed requests made from the document, each with its status, and changes nothing`, async () => {
  const fuzz = new Fuzz(randomOf(seedOf()), 0);
  const tokens = Tokens.parse(`view,worker,operate ${everything}\nview ${view}\n`, "test");
  const failures: unknown[] = [];
  const server = await openServer({
    tokens,
    maxBodyBytes: MAX_BODY_BYTES,
    requestsPerSecond: 1e6,
    // Nor does time change anything, however long this takes.
    config: { workerTimeoutSeconds: 1e6 },
    onError: (error) => failures.push(error),
  });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const bearer = { authorization: `Bearer ${everything}` };
  const tasks = [{ taskId: "A" }, { taskId: "B", deps: ["A"] }];
  await server.post("/api/v1/addTasks", { worker: "w", tasks }, bearer);
  const stateOf = async () => {
    const paths = ["tasks", "workers", "resources", "attempts", "runs", "operations", "counts"];
    const views = await Promise.all(paths.map((path) => server.get(`/api/v1/${path}`, bearer)));
    const { sequence } = (await server.get("/api/v1/status", bearer)).body;
    return { sequence, views: views.map(({ body }) => body) };
  };
  const before = await stateOf();
  const requests = new MalformedRequests(fuzz, await operationsOf(server), { everything, view });
  const wrong: unknown[] = [];
  for (let sent = 0; sent < REQUESTS; sent += AT_A_TIME) {
    const batch = Array.from({ length: AT_A_TIME }, () => requests.next());
    const statuses = await Promise.all(batch.map((each) => statusOf(agent, server, each)));
    statuses.forEach((status, n) => {
      if (status !== batch[n]?.status) wrong.push({ ...batch[n], got: status });
    });
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(failures).toEqual([]);
  expect(await stateOf()).toEqual(before);
}, 600_000);
