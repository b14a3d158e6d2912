import * as api from "@leat/sftp";
import { expect, it } from "vitest";

it("exports these names at run time", () => {
  expect(Object.keys(api).toSorted()).toEqual(["SftpFileSystem", "SftpTarget"]);
});
