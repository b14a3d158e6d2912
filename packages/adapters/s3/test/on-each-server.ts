import { describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { beforeAll } from "vitest";
import { makeBucket, type S3TestServer } from "./s3-workspace.ts";

/** A server of the test run and a bucket on it; there only while tests run. */
export interface ServerAndBucket {
  server: S3TestServer;
  bucket: string;
}

/** Defines tests that run on each of the servers, with a bucket of their own. */
export function onEachServer(name: string, tests: (at: ServerAndBucket, service: string) => void): void {
  for (const service of ["s3", "versitygw"] as const) {
    describeWith(service)(`${name} (${service})`, () => {
      const at = {} as ServerAndBucket;
      beforeAll(async () => {
        at.server = await testService(service);
        at.bucket = await makeBucket(at.server);
      });
      tests(at, service);
    });
  }
}
