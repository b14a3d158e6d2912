import * as api from "@leat/s3";
import { expect, it } from "vitest";

it("exports these names at run time", () => {
  expect(Object.keys(api).toSorted()).toEqual([
    "S3FileSystem",
    "S3FlagTarget",
    "S3FlagTask",
    "S3PathTask",
    "S3Target",
  ]);
});
