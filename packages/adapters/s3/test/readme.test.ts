import { S3FileSystem } from "@leat/s3";
import { expect, it } from "vitest";
import { capabilitiesInReadme } from "./readme-capabilities.ts";

it("the README lists the capabilities that are declared for AWS", () => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const aws = new S3FileSystem({ connection: { region: "eu-west-1", credentials } });
  expect(capabilitiesInReadme("AWS")).toEqual(aws.capabilities);
});
