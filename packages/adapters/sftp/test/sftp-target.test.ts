import { describeWith, testService, type SftpConnection } from "@leat-internal/dev-servers/vitest";
import { fileTargetSuite } from "@leat/testkit";
import { beforeAll, describe, it } from "vitest";
import { openSftpWorkspace } from "./sftp-workspace.ts";

describeWith("sftp")("over OpenSSH", () => {
  let server: SftpConnection;
  beforeAll(async () => {
    server = await testService("sftp");
  });

  fileTargetSuite({ describe, it }, "SftpTarget", () => openSftpWorkspace(server));
});
