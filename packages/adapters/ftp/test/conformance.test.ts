import { readFileSync } from "node:fs";
import { describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { fileTargetSuite } from "@leat/testkit";
import { describe, expect, it } from "vitest";
import { openFtpWorkspace } from "./ftp-workspace.ts";

describeWith("ftp")("FTP", () => {
  const found = fileTargetSuite({ describe, it }, "FtpTarget without TLS", async () =>
    openFtpWorkspace(await testService("ftp"), "none"),
  );

  it("the README lists the capabilities that the suite found", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| `(\w+)` \| (yes|no) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, name, answer]) => [name, answer === "yes"]))).toEqual(found);
  });
});
