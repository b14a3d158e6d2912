import { readFileSync } from "node:fs";
import { describeWith, testService, type SftpConnection } from "@leat-internal/dev-servers/vitest";
import { fileTargetSuite } from "@leat/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { openSftpWorkspace } from "./sftp-workspace.ts";

describeWith("sftp")("over OpenSSH", () => {
  let server: SftpConnection;
  beforeAll(async () => {
    server = await testService("sftp");
  });

  const found = fileTargetSuite({ describe, it }, "SftpTarget", () => openSftpWorkspace(server));

  it("the README lists the capabilities that the suite found", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| `(\w+)` \| (yes|no)(.*) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, name, answer]) => [name, answer === "yes"]))).toEqual(found);
  });
});
