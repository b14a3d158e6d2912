import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { run } from "@leat/worker";
import { Tokens } from "@leat/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { Node } from "./fixtures/shared-graph.ts";
import { openLeatd, temporaryFolder } from "./shared-support.ts";
import { fixture, useWorkspace } from "./support.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const workspace = useWorkspace();

/** What a run ends with whose scheduler cannot be used. */
async function failureOf(scheduler: object & { readonly url: string }): Promise<Error & { code: string }> {
  const tasks = [new Node({ n: 1, folder: temporaryFolder() })];
  return run(tasks, { scheduler: { connectSeconds: 0, ...scheduler } }).then(
    () => expect.fail("the run did not fail"),
    (error: Error & { code: string }) => error,
  );
}

/** A place where something else than leatd answers; nothing does once it is closed. */
async function openOther(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => void response.writeHead(status).end(body));
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A certificate that no authority has signed, for 127.0.0.1. */
function selfSigned(): { readonly cert: Buffer; readonly key: Buffer } {
  const folder = temporaryFolder();
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=leatd", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, "-keyout", key, "-out", cert];
  execFileSync("openssl", args, { stdio: "ignore" });
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

describe("a run whose shared scheduler cannot be used ends before anything is planned", () => {
  it("when nobody answers", async () => {
    const url = "http://127.0.0.1:1";
    const { code, message } = await failureOf({ url });
    expect([code, message]).toEqual(["SCHEDULER_UNAVAILABLE", expect.stringContaining(url)]);
    expect(message).toContain("Is leatd running there?");
  });

  it.each([
    ["no token", {}, "Give the token in LEAT_TOKEN or in a file."],
    ["an unknown token", { token: "x".repeat(32) }, "Give the token in LEAT_TOKEN or in a file."],
    ["a token for reading only", { token: `2${TOKEN}` }, 'It needs the role "worker".'],
  ])("with %s", async (_name, given, cure) => {
    const tokens = Tokens.parse(`worker ${TOKEN}\nview 2${TOKEN}`, "test");
    const { url } = await openLeatd({ tokens });
    const { code, message } = await failureOf({ url, ...given });
    expect(code).toBe("SCHEDULER_FORBIDDEN");
    expect(message).toContain(cure);
    expect(message).not.toContain(TOKEN);
  });

  it.each([
    ["a page", 200, "<html>hello</html>", "is no leatd"],
    ["a luigid", 404, "<html>404: Not Found</html>", "workers of Leat cannot use a luigid"],
    [
      "a leatd of another version",
      404,
      '{"error":{"code":"NOT_FOUND","message":"There is nothing at this path."}}',
      "bring both to the same one",
    ],
  ])("at %s", async (_name, status, body, cure) => {
    const { code, message } = await failureOf({ url: await openOther(status, body) });
    expect(code).toBe("SCHEDULER_PROTOCOL");
    expect(message).toContain(cure);
  });

  it("with a certificate that is not trusted, and goes on with one that is", async () => {
    const tls = selfSigned();
    const { url } = await openLeatd({ tls });
    const { code, message } = await failureOf({ url });
    expect(code).toBe("SCHEDULER_UNTRUSTED");
    expect(message).toContain("Give the certificate of its authority");
    const tasks = [new Node({ n: 1, folder: temporaryFolder() })];
    const { exitCode } = await run(tasks, { scheduler: { url, ca: tls.cert.toString() } });
    expect(exitCode).toBe(0);
  });

  it("with TLS where there is none", async () => {
    const { url } = await openLeatd();
    const { code, message } = await failureOf({ url: url.replace("http:", "https:") });
    expect([code, message]).toEqual(["SCHEDULER_PROTOCOL", expect.stringContaining("Write http://")]);
  });

  it.each([
    [{ url: "etl.example" }, "INVALID_COMMAND", "Give one like http://host:8082"],
    [{ url: [] }, "OPTION_INVALID", "scheduler.url"],
    [{ url: "http://x", heartbeatSeconds: 0 }, "OPTION_INVALID", "scheduler.heartbeatSeconds"],
    [{ url: "http://x", waitSeconds: -1 }, "OPTION_INVALID", "scheduler.waitSeconds"],
    [{ url: "http://x", worker: "" }, "OPTION_INVALID", "scheduler.worker"],
  ])("with %j", async (scheduler, code, part) => {
    const error = await failureOf(scheduler as never);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(part)]);
  });
});

describe("leat run --scheduler", () => {
  const args = ["run", fixture("shared-graph.ts"), "Node", "--n", "1", "--folder"];

  it("says in a line why it cannot begin, and exits with 2", async () => {
    const flags = ["--scheduler", "http://127.0.0.1:1", "--connect-timeout", "0"];
    const { exitCode, stderr } = await workspace.leat([...args, temporaryFolder(), ...flags]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("leat: No scheduler answered at http://127.0.0.1:1/");
    expect(stderr).not.toContain("    at ");
  });

  it("takes its token from LEAT_TOKEN or a file, over a unix socket too, and never shows it", async () => {
    const tokens = Tokens.parse(`worker ${TOKEN}`, "test");
    const { url } = await openLeatd({ tokens, socketPath: join(temporaryFolder(), "leatd.sock") });
    const flags = ["--scheduler", url, "--log-level", "debug"];
    const byEnv = await workspace.leat([...args, temporaryFolder(), ...flags], { LEAT_TOKEN: TOKEN });
    const file = workspace.write("token", `${TOKEN}\n`);
    const byFile = await workspace.leat([...args, temporaryFolder(), ...flags, "--token-file", file]);
    expect([byEnv.exitCode, byFile.exitCode]).toEqual([0, 0]);
    expect(byEnv.stderr + byFile.stderr).not.toContain(TOKEN);
  });

  it("refuses a token file that is not there", async () => {
    const flags = ["--scheduler", "http://127.0.0.1:1", "--token-file", "nothing-here"];
    const { exitCode, stderr } = await workspace.leat([...args, temporaryFolder(), ...flags]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--token-file names a file")]);
  });
});
