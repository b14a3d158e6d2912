import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { expect, it, onTestFinished } from "vitest";
import { type EmailOptions, parseEmailOptions } from "../src/email-options.ts";
import { openServer, type TestServer } from "./support.ts";

interface Mail {
  readonly to: readonly string[];
  readonly source: string;
}

/** A mail server; what it takes comes in the order of arrival. */
async function openMailServer(password?: string): Promise<{ port: number; next: () => Promise<Mail> }> {
  const mails: Mail[] = [];
  let wake = () => {};
  const server = new SMTPServer({
    authOptional: password === undefined,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: (auth, _session, done) =>
      auth.password === password ? done(null, { user: auth.username ?? "" }) : done(new Error("no")),
    onData: (stream, session, done) => {
      const take = async () => {
        const source = await text(stream);
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), source });
        done();
        wake();
      };
      void take();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const next = async () => {
    while (mails.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return mails.shift() as Mail;
  };
  return { port: (server.server.address() as AddressInfo).port, next };
}

const taskOf = (taskId: string, more: object = {}) => ({
  taskId,
  family: "F",
  params: { n: taskId },
  owners: ["me@example.org"],
  ...more,
});

async function fail(server: TestServer, taskId: string, more: object = {}): Promise<void> {
  const task = taskOf(taskId, more);
  await server.command("addTasks", { worker: "w", tasks: [task] });
  const { assignments } = await server.command("getWork", { worker: "w" });
  const { token } = assignments[0];
  const report = { worker: "w", taskId, token, outcome: "FAILED", explanation: `${taskId} has no luck` };
  await server.command("report", report);
}

const settings = (port: number, more: Partial<EmailOptions> = {}): EmailOptions => ({
  smtp: `smtp://127.0.0.1:${port}`,
  sender: "leatd@example.org",
  ...more,
});

it("mails the owners and the receivers what went wrong within the interval", async () => {
  const mail = await openMailServer();
  const email = settings(mail.port, {
    receivers: ["all@example.org"],
    prefix: "[etl]",
    intervalMinutes: 0.01,
  });
  const server = await openServer({ email });
  const failed = (taskId: string) => ({ status: "FAILED", explanation: `${taskId} has no luck` });
  // In one command: however slow this goes, both are within one interval.
  const tasks = [taskOf("A", failed("A")), taskOf("B", { ...failed("B"), retry: { retryCount: 1 } })];
  await server.command("addTasks", { worker: "w", tasks });
  const [all, mine] = [await mail.next(), await mail.next()];
  expect([all.to, mine.to]).toEqual([["all@example.org"], ["me@example.org"]]);
  expect(all.source).toContain("Subject: [etl] Leat: 2 failures, 1 disable in the last 0.01 minutes");
  expect(mine.source).toMatch(/Subject: \[etl\] Leat: Your tasks have 2 failures, 1 disable/);
  expect(all.source).toContain("- F(n=B) (1 failure, 1 disable)");
  expect(all.source).toContain("      A has no luck");
  expect(all.source).not.toContain("text/html");
});

it("mails what has gathered when leatd stops, as HTML too when that is asked for", async () => {
  const mail = await openMailServer();
  const server = await openServer({ email: settings(mail.port, { format: "html" }) });
  await fail(server, "Ä");
  await server.running.stop();
  const { source } = await mail.next();
  expect(source).toContain("Content-Type: text/html; charset=utf-8");
  expect(source).toMatch(/=C3=84/);
});

it("mails scheduling failures of Luigi's workers and of ours", async () => {
  const mail = await openMailServer();
  const server = await openServer({ email: settings(mail.port) });
  const data = {
    task_name: "F(a=1)",
    family: "F",
    params: { a: "1" },
    expl: '"no requires"',
    owners: ["me@example.org"],
    worker: "w",
  };
  const form = new URLSearchParams({ data: JSON.stringify(data) }).toString();
  await fetch(`${server.url}/api/announce_scheduling_failure`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form,
  });
  const unknown = {
    taskId: "U",
    family: "U",
    status: "UNKNOWN",
    explanation: "cannot tell",
    owners: ["me@example.org"],
  };
  await server.command("addTasks", { worker: "w", tasks: [unknown] });
  await server.running.stop();
  const { source } = await mail.next();
  expect(source).toContain("Your tasks have 2 scheduling failures");
  expect(source).toContain("      no requires");
  expect(source).toContain("      cannot tell");
});

it("mails nobody about what operators or workers disabled, or what goes on", async () => {
  const mail = await openMailServer();
  const email = settings(mail.port, { receivers: ["all@example.org"] });
  const server = await openServer({ email });
  await server.command("addTasks", {
    worker: "w",
    tasks: [{ taskId: "Own", status: "DISABLED" }, { taskId: "B" }],
  });
  await server.command("act", { action: "disable", taskIds: ["B"] });
  await fail(server, "A");
  await server.running.stop();
  expect((await mail.next()).source).toContain("Subject: Leat: 1 failure in the last 60 minutes");
});

it("signs in with the user and password of the URL", async () => {
  const mail = await openMailServer("s3cret");
  const smtp = `smtp://me:s3cret@127.0.0.1:${mail.port}`;
  const server = await openServer({ email: { ...settings(mail.port), smtp, requireTls: false } });
  await fail(server, "A");
  await server.running.stop();
  expect((await mail.next()).to).toEqual(["me@example.org"]);
});

it("sends no password over a connection that is not encrypted, and tells that without showing it", async () => {
  const mail = await openMailServer("s3cret");
  const errors: unknown[] = [];
  const smtp = `smtp://me:s3cret@127.0.0.1:${mail.port}`;
  const server = await openServer({
    email: { ...settings(mail.port), smtp },
    onError: (error) => errors.push(error),
  });
  await fail(server, "A");
  await server.running.stop();
  expect(errors).toMatchObject([{ code: "EMAIL_FAILED" }]);
  expect((errors[0] as Error).message).not.toContain("s3cret");
});

/** Names as a hostile worker could give them. */
const HOSTILE = "A\r\nBcc: evil@example.org\r\nSubject: hacked\r\n\r\n<script>alert(1)</script>";

it("lets no name of a task, error or owner make headers, receivers or markup", async () => {
  const mail = await openMailServer();
  const errors: unknown[] = [];
  const email = settings(mail.port, { receivers: ["all@example.org"], format: "html", batchMode: "all" });
  const server = await openServer({ email, onError: (error) => errors.push(error) });
  const owners = ["one@example.org, evil@example.org", "two@example.org\r\nBcc: evil@example.org", HOSTILE];
  await fail(server, HOSTILE, { family: HOSTILE, label: HOSTILE, params: { [HOSTILE]: HOSTILE }, owners });
  await server.running.stop();
  const all = await mail.next();
  const [head = ""] = all.source.split("\r\n\r\n");
  const [, html] = all.source.split("Content-Type: text/html");
  expect(all.to).toEqual(["all@example.org"]);
  expect(head).toMatch(/^Subject: Leat: 1 failure in the last 60 minutes$/m);
  expect(head).not.toMatch(/evil|hacked|^Bcc/im);
  expect(html).toContain("&lt;script&gt;");
  expect(html).not.toContain("<script");
  expect(errors.length).toBeLessThanOrEqual(owners.length);
  for (let left = owners.length - errors.length; left > 0; left--) {
    const { to, source } = await mail.next();
    expect(to).toHaveLength(1);
    expect(to).not.toContain("evil@example.org");
    expect(source.split("\r\n\r\n")[0]).not.toMatch(/^(Bcc|Cc|Subject: hacked)/im);
  }
});

it("gives up a server that cannot be reached with the first message, and names all that are lost", async () => {
  const { port } = await openMailServer();
  const errors: unknown[] = [];
  const email = settings(port, { smtp: "smtp://me:s3cret@127.0.0.1:1", requireTls: false });
  const server = await openServer({ email, onError: (error) => errors.push(error) });
  await fail(server, "A", { owners: ["one@example.org", "two@example.org"] });
  await server.running.stop();
  expect(errors).toMatchObject([{ code: "EMAIL_FAILED" }]);
  expect(String(errors[0])).toContain("did not take the messages to one@example.org, two@example.org: ");
  expect(String(errors[0])).not.toContain("s3cret");
});

it.each([
  ["{", /not JSON/],
  ["{}", /email\.smtp is missing/],
  ['{"smtp":"http://user:s3cret@x"}', /email\.smtp is no URL that begins with smtp/],
  ['{"smtp":"smtp://x","every":5}', /email\.every is not known/],
])("refuses the settings %s without showing secrets", (json, message) => {
  expect(() => parseEmailOptions(json, '"email.json"')).toThrow(message);
  expect(() => parseEmailOptions(json, '"email.json"')).not.toThrow(/s3cret/);
});
