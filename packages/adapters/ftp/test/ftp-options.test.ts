import { inspect } from "node:util";
import { FtpFileSystem, FtpTarget, type FtpConnection } from "@leat/ftp";
import { expect, it } from "vitest";

it.each<[string, FtpConnection]>([
  ["another scheme", "http://user:secret@host"],
  ["no URL", "user:secret@host"],
  ["a path", "ftp://user:secret@host/dir"],
  ["a bad escape", "ftp://user:secret%zz@host"],
  ["a line end in the password", { host: "host", password: "secret\r\nDELE x" }],
  ["an impossible port", { host: "host", port: 0, password: "secret" }],
  ["an impossible deadline", { host: "host", timeoutMs: 0, password: "secret" }],
])("refuses a connection with %s and does not show the password", (_what, connection) => {
  let error: unknown;
  try {
    new FtpFileSystem(connection);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: "OPTION_INVALID" });
  expect(inspect(error)).not.toContain("secret");
});

it("shows no password as text", () => {
  const target = new FtpTarget("a", { connection: "ftpes://user:secret@host" });
  expect(inspect(target, { depth: 9, showHidden: true }) + JSON.stringify(target)).not.toContain("secret");
  expect(target.fileSystem).toBe(new FtpTarget("b", { connection: "ftpes://user:secret@host" }).fileSystem);
});
