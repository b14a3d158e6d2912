import { SftpFileSystem } from "@leat/sftp";
import { expect, it, vi } from "vitest";
import { failureOf } from "./helpers.ts";

/** As in a container that runs as a number which no account has, without HOME. */
vi.mock("node:os", async (actual) => {
  const fail = (): never => {
    throw Object.assign(new Error("A system error occurred"), { code: "ERR_SYSTEM_ERROR" });
  };
  return { ...(await actual<typeof import("node:os")>()), userInfo: fail, homedir: fail };
});

it("a user without a name is told to give one", () => {
  const make = (): unknown => new SftpFileSystem({ connection: "sftp://example.org" });
  expect(make).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  expect(make).toThrow(/has no name to log in with\. Give the user\.$/);
});

it("a user without a home directory is told to say which server is trusted", async () => {
  const connection = { host: "127.0.0.1", port: 1, user: "etl", password: "secret" };
  const error = await failureOf(new SftpFileSystem({ connection }).exists("/a"));
  expect(error.code).toBe("OPTION_INVALID");
  expect(error.message).toMatch(/Give knownHostsFile or hostKeySha256\.$/);
});
