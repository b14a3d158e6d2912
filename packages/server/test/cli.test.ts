import { chmodSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { LeatdProcess, request, spawnLeatd, temporaryFolder } from "./support.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawnLeatd(args, env);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout as never), text(child.stderr as never)]);
  return { code: await ended, stdout, stderr };
}

const memory = ["--state", ":memory:", "--port", "0"];

it("describes its flags", async () => {
  const { code, stdout } = await run(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("--token-file PATH");
  expect(stdout).toContain("LEAT_TOKENS");
});

it("takes orders to stop, and ends with 0", async () => {
  const leatd = await LeatdProcess.start(memory);
  expect((await request(`${leatd.url}/healthz`)).status).toBe(200);
  expect(await leatd.end("SIGTERM")).toBe(0);
});

it("names a port that is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  const { code, stderr } = await run(["--state", ":memory:", "--port", String(port)]);
  expect(code).toBe(2);
  expect(stderr).toContain(`cannot listen on 127.0.0.1, port ${port}`);
  expect(stderr).toContain("give leatd another --port");
});

it("names a state that cannot be written", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const { code, stderr } = await run(["--port", "0", "--state", join(file, "leatd.db")]);
  expect(code).toBe(2);
  expect(stderr).toContain(join(file, "leatd.db"));
});

it.each([
  [["--prot", "80"], "--prot"],
  [["--port", "eighty"], '--port does not accept "eighty"'],
  [["--port", "70000"], "from 0 to 65535"],
  [["--address", "0.0.0.0"], "without tokens"],
  [["--tls-cert", "cert.pem"], "both --tls-cert and --tls-key"],
  [["--token-file", "/nowhere/tokens"], "/nowhere/tokens"],
  [["--config", "/nowhere/config"], "/nowhere/config"],
])("refuses %j", async (args, message) => {
  const { code, stderr } = await run([...memory, ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
});

it("reads settings of the scheduler, and names one that is wrong", async () => {
  const path = join(temporaryFolder(), "config.json");
  writeFileSync(path, '{"retryCount": 5, "resources": {"db": 2}}');
  const leatd = await LeatdProcess.start([...memory, "--config", path]);
  expect((await request(`${leatd.url}/api/v1/resources`)).body.resources).toMatchObject([
    { resource: "db", limit: 2 },
  ]);
  writeFileSync(path, '{"retryCount": "many"}');
  expect((await run([...memory, "--config", path])).stderr).toContain(
    "settings.retryCount must be an integer",
  );
});

it("takes tokens from a file or the environment", async () => {
  const path = join(temporaryFolder(), "tokens");
  writeFileSync(path, "view 0123456789abcdef\n");
  chmodSync(path, 0o600);
  for (const leatd of [
    await LeatdProcess.start([...memory, "--token-file", path]),
    await LeatdProcess.start(memory, { LEAT_TOKENS: "view 0123456789abcdef" }),
  ]) {
    expect((await request(`${leatd.url}/api/v1/tasks`)).status).toBe(401);
    const headers = { authorization: "Bearer 0123456789abcdef" };
    expect((await request(`${leatd.url}/api/v1/tasks`, { headers })).status).toBe(200);
  }
});
