import { describeWith, type ServiceName, testService } from "@leat-internal/dev-servers/vitest";
import type { S3FileSystemOptions } from "@leat/s3";
import { fileTargetSuite } from "@leat/testkit";
import { describe, it } from "vitest";
import { makeBucket, openS3Workspace, type S3TestServer, type S3TestStore } from "./s3-workspace.ts";

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
  const plain = storeOf("s3", {}, true);
  fileTargetSuite({ describe, it }, "S3Target", async () => openS3Workspace(await plain()));

  // It keeps the condition for objects that are put at once, which is enough for the files of the suite.
  const conditional = storeOf("s3", { createOnly: true }, true);
  fileTargetSuite({ describe, it }, "S3Target, create-only", async () =>
    openS3Workspace(await conditional()),
  );
});

describeWith("versitygw")("versitygw", () => {
  // It keeps objects as files of a directory, so that slashes count once, and their checksums in other files: while an
  // object is replaced, the one does not belong to the other.
  const plain = storeOf("versitygw", { emptySegments: false }, false, { checksums: "WHEN_REQUIRED" });
  fileTargetSuite({ describe, it }, "S3Target", async () => openS3Workspace(await plain()));
});
