import { cannotStart, describeWith, type ServiceName, testService } from "@leat-internal/dev-servers/vitest";
import type { S3FileSystemOptions } from "@leat/s3";
import { fileTargetSuite } from "@leat/testkit";
import { describe, expect, it } from "vitest";
import { capabilitiesInReadme } from "./readme-capabilities.ts";
import {
  makeBucket,
  openKillable,
  openS3Workspace,
  type S3TestServer,
  type S3TestStore,
} from "./s3-workspace.ts";

/** A bucket for all workspaces of a suite, made when it is first asked for. */
function storeOf(
  service: ServiceName & ("s3" | "versitygw"),
  options: S3FileSystemOptions,
  hasPolicies: boolean,
  settings: Pick<S3TestServer, "checksums"> = {},
): () => Promise<S3TestStore> {
  let made: Promise<S3TestStore> | undefined;
  const make = async (): Promise<S3TestStore> => {
    const server = { ...(await testService(service)), ...settings };
    return { server, bucket: await makeBucket(server), options, hasPolicies };
  };
  return () => (made ??= make());
}

describeWith("s3")("Ceph", () => {
  // It keeps the condition for objects that are put at once, which is enough for the files of the suite.
  const conditional = storeOf("s3", { createOnly: true }, true);
  const found = fileTargetSuite({ describe, it }, "S3Target, create-only", async () =>
    openS3Workspace(await conditional()),
  );

  it("the README lists the capabilities that the suite found", () => {
    expect(capabilitiesInReadme("Ceph")).toEqual(found);
  });
});

describeWith("versitygw")("versitygw", () => {
  // It keeps objects as files of a directory, so that slashes count once, and their checksums in other files: while an
  // object is replaced, the one does not belong to the other.
  const plain = storeOf("versitygw", { emptySegments: false }, false, { checksums: "WHEN_REQUIRED" });
  const killable = () => openKillable({ emptySegments: false });
  const own = cannotStart("versitygw") === undefined ? { killable } : {};
  const found = fileTargetSuite({ describe, it }, "S3Target", async () =>
    openS3Workspace({ ...(await plain()), ...own }),
  );

  it("the README lists the capabilities that the suite found", () => {
    expect(capabilitiesInReadme("versitygw")).toEqual(found);
  });
});
