import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { startSftp, type SftpServer } from "@leat-internal/dev-servers";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { SftpFileSystem, SftpTarget, type SftpConnectionSettings } from "@leat/sftp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf } from "./helpers.ts";
import { settingsFor, unknownKey } from "./sftp-workspace.ts";

const SECRET = "correct-horse-battery";

describeWithOwn("sftp")("a login", () => {
  let server: SftpServer;
  let directory: string;
  let hostKey: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "leat-login-"));
    const authorized = join(directory, "authorized");
    server = await startSftp({
      settings: { PasswordAuthentication: "yes", AuthorizedKeysFile: authorized },
    });
    writeKey("plain", server.privateKey);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", SECRET, "-f", join(directory, "locked")]);
    writeFileSync(authorized, publicKey("plain") + publicKey("locked", SECRET));
    hostKey = execFileSync("ssh-keyscan", ["-t", "ed25519", "-p", `${server.port}`, server.host], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  function writeKey(name: string, key: string): void {
    writeFileSync(join(directory, name), key, { mode: 0o600 });
  }

  function publicKey(name: string, passphrase = ""): string {
    const file = join(directory, name);
    return execFileSync("ssh-keygen", ["-y", "-P", passphrase, "-f", file], { encoding: "utf8" });
  }

  const key = (name: string): string => readFileSync(join(directory, name), "utf8");

  const settings = (others: Partial<SftpConnectionSettings> = {}): SftpConnectionSettings => ({
    ...settingsFor(server),
    ...others,
  });

  /** Settings without a way to log in. */
  const anonymous = (others: Partial<SftpConnectionSettings>): SftpConnectionSettings => {
    const { privateKey: _, ...rest } = settings();
    return { ...rest, ...others };
  };

  async function canLogIn(connection: SftpConnectionSettings): Promise<boolean> {
    const fileSystem = new SftpFileSystem({ connection });
    try {
      return await fileSystem.exists("/");
    } finally {
      await fileSystem.close();
    }
  }

  /** The error of a login, in all forms in which it could be logged. */
  async function refusal(connection: SftpConnectionSettings) {
    const error = await failureOf(canLogIn(connection));
    return { error, text: `${String(error)} ${inspect(error, { depth: 10 })} ${JSON.stringify(error)}` };
  }

  describe("with a key", () => {
    it("is let in", async () => {
      expect(await canLogIn(settings())).toBe(true);
    });

    it("that has a passphrase is let in", async () => {
      expect(await canLogIn(anonymous({ privateKey: key("locked"), passphrase: SECRET }))).toBe(true);
    });

    it("whose passphrase is missing says so", async () => {
      const { error } = await refusal(anonymous({ privateKey: key("locked") }));
      expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
      expect(error.message).toContain("passphrase");
    });

    it("whose passphrase is wrong says so without it", async () => {
      const wrong = anonymous({ privateKey: key("locked"), passphrase: "wrong-passphrase" });
      const { error, text } = await refusal(wrong);
      expect(error.code).toBe("TARGET_FORBIDDEN");
      expect(text).not.toContain("wrong-passphrase");
    });

    it("that is none says so without it", async () => {
      const { error, text } = await refusal(anonymous({ privateKey: "no-key-at-all" }));
      expect(error.code).toBe("TARGET_FORBIDDEN");
      expect(text).not.toContain("no-key-at-all");
    });

    it("that the server does not know is refused, without the key in the error", async () => {
      const privateKey = unknownKey();
      const { error, text } = await refusal(anonymous({ privateKey }));
      expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
      expect(text).not.toContain(privateKey.split("\n")[1]);
    });
  });

  it("with a wrong password is refused, without the password in the error", async () => {
    const { error, text } = await refusal(anonymous({ password: SECRET }));
    expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
    expect(text).not.toContain(SECRET);
  });

  it("with nothing to log in with is refused before anything is sent", async () => {
    const { SSH_AUTH_SOCK: agent } = process.env;
    delete process.env["SSH_AUTH_SOCK"];
    const { error } = await refusal(anonymous({}));
    if (agent !== undefined) process.env["SSH_AUTH_SOCK"] = agent;
    expect(error).toMatchObject({ code: "OPTION_INVALID" });
  });

  it("through an agent is let in", async () => {
    const socket = join(directory, "agent");
    const agent: ChildProcess = spawn("ssh-agent", ["-D", "-a", socket], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      await once(agent.stdout as NodeJS.ReadableStream, "data");
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      execFileSync("ssh-add", ["-q", join(directory, "plain")], { env, stdio: "ignore" });
      expect(await canLogIn(anonymous({ agent: socket }))).toBe(true);
    } finally {
      agent.kill();
    }
  });

  describe("to a server whose host key", () => {
    const byFile = (text: string): SftpConnectionSettings => {
      const { hostKeySha256: _, ...rest } = settings();
      const file = join(directory, "known_hosts");
      writeFileSync(file, text);
      return { ...rest, knownHostsFile: file };
    };
    const otherKey = (): string => hostKey.replace(/\S+\n$/, `${publicKey("plain").split(" ")[1]}\n`);

    it("is known is made", async () => {
      expect(await canLogIn(byFile(hostKey))).toBe(true);
    });

    it("is unknown is refused, and the error tells its fingerprint", async () => {
      const { error } = await refusal(byFile(""));
      expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
      expect(error.message).toContain("unknown");
      expect(error.message).toContain(`SHA256:${server.hostKeySha256.replace("=", "")}`);
    });

    it("has changed is refused", async () => {
      const { error } = await refusal(byFile(otherKey()));
      expect(error).toMatchObject({ code: "TARGET_FORBIDDEN", retryable: false });
      expect(error.message).toContain("not the expected one");
    });

    it("is revoked is refused, though it is known", async () => {
      const { error } = await refusal(byFile(`${hostKey}@revoked ${hostKey}`));
      expect(error.code).toBe("TARGET_FORBIDDEN");
      expect(error.message).toContain("revoked");
    });

    it("is not the given one is refused", async () => {
      const { error } = await refusal(settings({ hostKeySha256: "A".repeat(43) }));
      expect(error.code).toBe("TARGET_FORBIDDEN");
      expect(error.message).toContain("not the expected one");
    });

    it("is given as OpenSSH shows it is made", async () => {
      const hostKeySha256 = `SHA256:${server.hostKeySha256.replace("=", "")}`;
      expect(await canLogIn(settings({ hostKeySha256 }))).toBe(true);
    });

    it("is unknown is made only when that is asked for", async () => {
      expect(await canLogIn({ ...byFile(""), acceptAnyHostKey: true })).toBe(true);
    });

    it("is looked for in the home directory by default", async () => {
      const { hostKeySha256: _, ...rest } = settings();
      const { error } = await refusal(rest);
      expect(error.message).toContain(join(homedir(), ".ssh", "known_hosts"));
    });
  });

  it("leaves no secret in the string forms of targets and file systems", () => {
    const connection = `sftp://etl:${SECRET}@example.org:2222`;
    const target = new SftpTarget("/in/a.csv", { connection });
    expect(String(target)).toBe("sftp://etl@example.org:2222/in/a.csv");
    const relative = new SftpTarget("in/a.csv", { connection });
    expect(String(relative)).toBe("sftp://etl@example.org:2222/~/in/a.csv");
    const forms = `${inspect(target, { depth: 10, showHidden: true })} ${JSON.stringify(target)}`;
    expect(forms).not.toContain(SECRET);
  });
});

describe("a connection", () => {
  it.each([
    ["no URL", `not a url ${SECRET}`],
    ["of another kind", `ftp://etl:${SECRET}@example.org`],
    ["with a path", `sftp://etl:${SECRET}@example.org/in`],
    ["without a host", `sftp://`],
    ["not encoded", `sftp://etl:%${SECRET}@example.org`],
  ])("that is %s is refused without the secret", (_, connection) => {
    const make = (): unknown => new SftpFileSystem({ connection });
    expect(make).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
    expect(inspect(thrownBy(make))).not.toContain(SECRET);
  });

  it.each([
    { port: 0 },
    { port: 1.5 },
    { connectTimeoutMs: 0 },
    { idleTimeoutMs: Number.NaN },
    { maxConnections: 0 },
    { host: "" },
  ])("with %j is refused", (wrong) => {
    const make = (): unknown => new SftpFileSystem({ connection: { host: "example.org", ...wrong } });
    expect(make).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  });

  it("decodes what is percent-encoded, and takes IPv6 addresses", () => {
    const { server } = new SftpFileSystem({ connection: "sftp://a%40b:p%2Fw@[::1]:2222" });
    expect(server).toBe("sftp://a%40b@[::1]:2222");
  });

  it("is shared by targets with equal settings, and is another store for others", () => {
    const one = new SftpTarget("a", { connection: "sftp://a@example.org" });
    const same = new SftpTarget("b", { connection: "sftp://a@example.org" });
    const other = new SftpTarget("a", { connection: "sftp://b@example.org" });
    expect(one.fileSystem).toBe(same.fileSystem);
    expect(one.fileSystem.sharesFilesWith(other.fileSystem)).toBe(false);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
