import { describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { fileTargetSuite } from "@leat/testkit";
import { describe, it } from "vitest";
import { openFtpWorkspace } from "./ftp-workspace.ts";

describeWith("ftp")("FTP", () => {
  fileTargetSuite({ describe, it }, "FtpTarget with explicit TLS", async () =>
    openFtpWorkspace(await testService("ftp"), "explicit"),
  );
});
