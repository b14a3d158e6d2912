import { S3ServiceException } from "@aws-sdk/client-s3";
import { LeatError } from "@leat/core";
import { expect, it } from "vitest";
import { s3Error } from "../src/s3-errors.ts";

/** An error as the SDK makes it of an answer. */
function answered(name: string, status: number, headers: Record<string, string> = {}): S3ServiceException {
  const error = new S3ServiceException({
    name,
    $fault: "client",
    $metadata: { httpStatusCode: status },
    message: "",
  });
  return Object.assign(error, {
    $response: { statusCode: status, headers },
    StringToSign: "x-amz-security-token:t",
  });
}

function translated(error: Error): LeatError {
  return s3Error(error, "read", "s3://bucket/a") as LeatError;
}

it.each([
  ["NoSuchBucket", 404, "TARGET_NOT_FOUND", false],
  ["NoSuchKey", 404, "TARGET_NOT_FOUND", false],
  ["AccessDenied", 403, "TARGET_FORBIDDEN", false],
  ["InvalidAccessKeyId", 403, "TARGET_FORBIDDEN", false],
  ["ExpiredToken", 400, "TARGET_FORBIDDEN", false],
  ["PreconditionFailed", 412, "TARGET_EXISTS", false],
  ["ConditionalRequestConflict", 409, "TARGET_EXISTS", true],
  ["SlowDown", 503, "TARGET_UNAVAILABLE", true],
  ["InternalError", 500, "TARGET_UNAVAILABLE", true],
  ["QuotaExceeded", 403, "TARGET_FULL", false],
  ["Unknown", 403, "TARGET_FORBIDDEN", false],
  ["Unknown", 503, "TARGET_UNAVAILABLE", true],
  ["SomethingNew", 400, "TARGET_UNAVAILABLE", false],
])("%s with status %s is %s, retryable: %s", (name, status, code, retryable) => {
  const error = translated(answered(name, status));
  expect(error).toMatchObject({ code, retryable, details: { path: "s3://bucket/a" } });
  expect(error.message).toMatch(/^Cannot read s3:\/\/bucket\/a: .*\. [A-Z].*\.$/);
});

it("a redirect names the region to set", () => {
  const error = translated(answered("PermanentRedirect", 301, { "x-amz-bucket-region": "eu-north-1" }));
  expect(error.message).toContain("The bucket is in eu-north-1: set the region to it.");
});

it("the cause has nothing of the request", () => {
  const { cause } = translated(answered("SignatureDoesNotMatch", 403));
  expect(Object.keys(cause as Error)).toEqual(["name"]);
});
